use identity::{model::Viewer, rules::device_name};
use platform::{
    ActionError, Context,
    db::DbError,
    outbox::{
        Post,
        push::{self, Browser, NewBrowser},
    },
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::note::note;

/// Registers a push subscription of a person and returns its ID. Repeating it changes nothing.
///
/// # Errors
/// When the subscription cannot be used, its service is not on the public internet, or the person has too many.
pub async fn add_browser(
    context: &Context,
    post: &Post,
    viewer: &Viewer,
    new: &NewBrowser,
) -> Result<Uuid, ActionError> {
    let new = push::check(&post.services, &post.guarded, new).await?;
    let tx = context.begin().await?;
    tx.serialize("notifications.browsers").await?;
    let (browser, is_new) = push::add(&tx, context, viewer.user_id.0, new).await?;
    if is_new {
        note(&tx, context, viewer, "push.add", (None, Some(named(&browser)))).await?;
    }
    tx.commit().await?;
    Ok(browser.id)
}

/// Removes a push subscription; returns whether the person had it.
pub async fn remove_browser(context: &Context, viewer: &Viewer, id: Uuid) -> Result<bool, DbError> {
    let tx = context.begin().await?;
    let removed = push::remove(&tx, viewer.user_id.0, id).await?;
    if let Some(browser) = &removed {
        note(&tx, context, viewer, "push.remove", (Some(named(browser)), None)).await?;
    }
    tx.commit().await?;
    Ok(removed.is_some())
}

/// Names a browser in the audit log.
fn named(browser: &Browser) -> Value {
    json!({ "browser": browser_name(browser), "service": browser.service() })
}

/// Returns a browser's display name, such as "Firefox on Linux".
#[must_use]
pub fn browser_name(browser: &Browser) -> String {
    let agent = browser.user_agent.as_deref();
    agent.map_or_else(|| "Unknown browser".to_owned(), device_name)
}
