use identity::{model::UserId, reads::logins};
use kernel::{Problem, truncate_to_micros};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{DbError, Tx},
};
use serde_json::json;

use crate::{
    model::{TextName, TextVersion},
    rules,
    store::texts,
};

/// The lock for new versions.
const LOCK: &str = "community.texts";

/// A text to save.
#[derive(Clone, Copy, Debug)]
pub struct NewText<'a> {
    /// The text, as Markdown.
    pub body: &'a str,
    /// The version that it changes; 0 for the proposed text.
    pub based_on: i64,
}

/// Saves a text as its next version. Saving the current text again changes nothing.
///
/// # Errors
/// When the text is empty or too long, or another version was saved in the meantime.
pub async fn save_text(
    context: &Context,
    actor: Actor,
    name: TextName,
    new: NewText<'_>,
) -> Result<TextVersion, ActionError> {
    let body = rules::checked(new.body)?;
    let (tx, current) = begin(context, name).await?;
    if let Some(current) = current.as_ref().filter(|current| current.body == body) {
        return Ok(current.clone());
    }
    check_current(&tx, name, new.based_on, current.as_ref()).await?;
    let saved = add(&tx, context, actor, (name, current.as_ref()), (body, None)).await?;
    tx.commit().await?;
    Ok(saved)
}

/// Begins a transaction that may add a version; returns it with the current one.
pub(super) async fn begin(
    context: &Context,
    name: TextName,
) -> Result<(Tx, Option<TextVersion>), DbError> {
    let tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    let current = texts::current(&tx, name).await?;
    Ok((tx, current))
}

/// Refuses what is not based on the current version.
pub(super) async fn check_current(
    tx: &Tx,
    name: TextName,
    based_on: i64,
    current: Option<&TextVersion>,
) -> Result<(), ActionError> {
    if rules::is_current(based_on, current.map(|current| current.version)) {
        return Ok(());
    }
    let author = current.and_then(|current| current.author_id).map(UserId::from);
    let names = logins(tx, author).await?;
    let by = author.and_then(|author| names.get(&author)).map_or("An operator", |login| login);
    let version = current.map_or(0, |current| current.version);
    let problem: Problem = rules::outdated(name, version, by);
    Err(problem.into())
}

/// Adds the version after the current one: its text, and the version it restores.
pub(super) async fn add(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    (name, current): (TextName, Option<&TextVersion>),
    (body, restored_from): (String, Option<i64>),
) -> Result<TextVersion, ActionError> {
    let now = truncate_to_micros(context.now());
    let new = TextVersion {
        id: context.ids.next(),
        name,
        version: current.map_or(0, |current| current.version) + 1,
        body,
        author_id: actor.person(),
        restored_from,
        // A clock that was set back does not put a version before an earlier one.
        created_at: current.map_or(now, |current| now.max(current.created_at)),
    };
    texts::insert(tx, &new).await?;
    let act = Act {
        actor,
        action: if restored_from.is_some() { "text.restore" } else { "text.save" },
        target_kind: "community_text",
        target_id: new.id,
        before: current.map(|current| json!({ "name": name.as_str(), "version": current.version })),
        after: Some(json!({ "name": name.as_str(), "version": new.version })),
        reason: None,
    };
    audit::record(tx, context, act).await?;
    Ok(new)
}
