use identity::{model::Viewer, rules::device_name};
use platform::{
    ActionError, Context,
    audit::{self, Act},
    db::{DbError, Tx},
    outbox::{
        Post,
        push::{self, Browser, NewBrowser},
    },
};
use serde_json::json;
use uuid::Uuid;

/// Registers a push subscription of a person and returns its ID. Repeating it changes nothing.
///
/// # Errors
/// When the subscription cannot be used or the person has too many.
pub async fn add_browser(
    context: &Context,
    post: &Post,
    viewer: &Viewer,
    new: &NewBrowser,
) -> Result<Uuid, ActionError> {
    let (person, services) = (viewer.user_id.0, &post.services);
    let tx = context.begin().await?;
    tx.serialize("notifications.browsers").await?;
    let (browser, is_new) = push::add(&tx, context, services, person, new).await?;
    if is_new {
        note(&tx, context, viewer, "push.add", &browser).await?;
    }
    tx.commit().await?;
    Ok(browser.id)
}

/// Removes a push subscription; returns whether the person had it.
pub async fn remove_browser(context: &Context, viewer: &Viewer, id: Uuid) -> Result<bool, DbError> {
    let tx = context.begin().await?;
    let removed = push::remove(&tx, viewer.user_id.0, id).await?;
    if let Some(browser) = &removed {
        note(&tx, context, viewer, "push.remove", browser).await?;
    }
    tx.commit().await?;
    Ok(removed.is_some())
}

async fn note(
    tx: &Tx,
    context: &Context,
    viewer: &Viewer,
    action: &'static str,
    browser: &Browser,
) -> Result<(), DbError> {
    let what = json!({ "browser": browser_name(browser), "service": browser.service() });
    let (before, after) = match action {
        "push.add" => (None, Some(what)),
        _ => (Some(what), None),
    };
    let act = Act {
        actor: viewer.actor(),
        action,
        target_kind: "user",
        target_id: viewer.user_id.0,
        before,
        after,
        reason: None,
    };
    audit::record(tx, context, act).await
}

/// Returns a browser's display name, such as "Firefox on Linux".
#[must_use]
pub fn browser_name(browser: &Browser) -> String {
    let agent = browser.user_agent.as_deref();
    agent.map_or_else(|| "Unknown browser".to_owned(), device_name)
}
