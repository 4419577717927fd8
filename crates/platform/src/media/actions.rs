//! Changes of pictures, in the caller's transaction, except for the count of uploads. Callers decide who may make them.

use chrono::TimeDelta;
use kernel::{Problem, ProblemKind};
use uuid::Uuid;

use super::{
    PictureSource, PictureUse, Prepared, address,
    store::{self, StoredUse, picture_of},
    subject_of, texts_of,
};
use crate::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{DbError, Tx},
};

/// The maximum number of files that a person uploads in 24 hours, accepted or not.
pub const BY_PERSON: i64 = 40;
/// The maximum number of files that all people upload in 24 hours.
const BY_ALL: i64 = 5_000;
/// The maximum number of pictures of a person.
pub const KEPT_BY_PERSON: i64 = 100;
/// The maximum number of pictures that a person reports in 24 hours.
const REPORTS: i64 = 20;
/// The maximum number of characters of a description, and of a report.
const LONGEST_TEXT: usize = 300;

/// The lock of all pictures.
const LOCK: &str = "platform.pictures";

/// A picture to place.
#[derive(Clone, Copy, Debug)]
pub struct NewPicture<'a> {
    pub owner: Uuid,
    pub used: PictureUse,
    /// The thing that has the picture, such as `person:ID`; for pictures in texts, the person whose it is.
    pub subject: &'a str,
    pub source: PictureSource,
    /// The description, for people who do not see it.
    pub description: &'a str,
    pub picture: &'a Prepared,
}

/// Counts an upload, before the file is read.
///
/// # Errors
/// When the person, or all people, uploaded too much in the last 24 hours.
pub async fn count_upload(context: &Context, person: Uuid) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    tx.serialize("platform.picture_uploads").await?;
    let now = context.now();
    store::forget_uploads(&tx, now - TimeDelta::days(1)).await?;
    if store::uploads_by(&tx, person).await? >= BY_PERSON || store::uploads(&tx).await? >= BY_ALL {
        let detail = format!(
            "At most {BY_PERSON} pictures can be uploaded in 24 hours. Try again tomorrow."
        );
        return Err(limit(detail, 3600).into());
    }
    store::insert_upload(&tx, context.ids.next(), person, now).await?;
    Ok(tx.commit().await?)
}

/// Places a picture: as the only one of its subject and use, or among a person's pictures for texts. Returns its path.
///
/// # Errors
/// When the description is missing or too long, or the person has too many pictures.
pub async fn place(tx: &Tx, context: &Context, new: NewPicture<'_>) -> Result<String, ActionError> {
    tx.serialize(LOCK).await?;
    let description = checked_description(new.used, new.description)?;
    if new.used != PictureUse::Gallery {
        for earlier in store::of_subject(tx, new.subject, new.used).await? {
            store::delete(tx, earlier.id).await?;
        }
    }
    if store::kept_by(tx, new.owner).await? >= KEPT_BY_PERSON {
        let detail = format!("You have {KEPT_BY_PERSON} pictures. Remove one first.");
        return Err(Problem::new(ProblemKind::Conflict, "TOO_MANY_PICTURES", detail).into());
    }
    store::insert(tx, context, &NewPicture { description, ..new }).await?;
    Ok(address(&new.picture.hash, new.picture.extension))
}

/// Changes what is said about a picture of a person.
///
/// # Errors
/// When the person has no such picture, or the description is missing or too long.
pub async fn describe(tx: &Tx, owner: Uuid, id: Uuid, text: &str) -> Result<(), ActionError> {
    let used = owned(tx, owner, id).await?;
    let description = checked_description(used.used_for, text)?;
    Ok(store::set_description(tx, used.id, description).await?)
}

/// Removes a picture of a person.
///
/// # Errors
/// When the person has no such picture.
pub async fn remove(tx: &Tx, owner: Uuid, id: Uuid) -> Result<(), ActionError> {
    tx.serialize(LOCK).await?;
    let used = owned(tx, owner, id).await?;
    Ok(store::delete(tx, used.id).await?)
}

/// Changes what is said about the picture of a subject in a use. Returns its path.
///
/// # Errors
/// When it has none, or the description is missing or too long.
pub async fn describe_of(
    tx: &Tx,
    (subject, used): (&str, PictureUse),
    text: &str,
) -> Result<String, ActionError> {
    let description = checked_description(used, text)?;
    let found = picture_of(tx, subject, used).await?.ok_or_else(unknown)?;
    store::set_description(tx, found.id, description).await?;
    Ok(found.address)
}

/// Removes the pictures of a subject in a use.
pub async fn forget(tx: &Tx, subject: &str, used: PictureUse) -> Result<(), DbError> {
    tx.serialize(LOCK).await?;
    for found in store::of_subject(tx, subject, used).await? {
        store::delete(tx, found.id).await?;
    }
    Ok(())
}

/// Reports a picture to the moderators. A second report of the same person changes nothing.
///
/// # Errors
/// When no picture has the hash, the words are missing or too long, or the person reported too many.
pub async fn report(
    tx: &Tx,
    context: &Context,
    reporter: Uuid,
    hash: &str,
    words: &str,
) -> Result<(), ActionError> {
    let words = short(words, "words", "Say in a sentence what is wrong with the picture.")?;
    let found = store::find_by_hash(tx, hash).await?.ok_or_else(unknown)?;
    let since = context.now() - TimeDelta::days(1);
    if store::reports_by(tx, reporter, since).await? >= REPORTS {
        let detail = format!("You can report {REPORTS} pictures in 24 hours. Try again tomorrow.");
        return Err(limit(detail, 3600).into());
    }
    Ok(store::insert_report(tx, context, (found.id, reporter), words).await?)
}

/// A picture that moderators removed.
#[derive(Clone, Debug)]
pub struct TakenDown {
    pub owner: Uuid,
    /// The thing that had it, such as `person:ID`.
    pub subject: String,
}

/// Removes a picture for moderation, with its reports.
///
/// # Errors
/// When the picture is gone, or the reason is missing.
pub async fn take_down(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    id: Uuid,
    reason: &str,
) -> Result<TakenDown, ActionError> {
    let reason = audit::reason(reason)?;
    tx.serialize(LOCK).await?;
    let found = store::find(tx, id).await?.ok_or_else(unknown)?;
    store::delete(tx, found.id).await?;
    record(tx, context, actor, "picture.remove", &found, reason).await?;
    Ok(TakenDown { owner: found.owner_id, subject: found.subject })
}

/// Ends the reports of a picture, which stays.
///
/// # Errors
/// When the picture is gone or no one reported it, or the reason is missing.
pub async fn dismiss(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    id: Uuid,
    reason: &str,
) -> Result<(), ActionError> {
    let reason = audit::reason(reason)?;
    let found = store::find(tx, id).await?.ok_or_else(unknown)?;
    if store::delete_reports(tx, id).await? == 0 {
        let detail = "The reports of this picture were already decided.";
        return Err(Problem::new(ProblemKind::Conflict, "ALREADY_DECIDED", detail).into());
    }
    Ok(record(tx, context, actor, "picture.keep", &found, reason).await?)
}

async fn record(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    action: &'static str,
    found: &StoredUse,
    reason: &str,
) -> Result<(), DbError> {
    let act = Act {
        actor,
        action,
        target_kind: "user",
        target_id: found.owner_id,
        before: None,
        after: Some(serde_json::json!({ "use": found.used_for.as_str() })),
        reason: Some(reason),
    };
    audit::record(tx, context, act).await
}

async fn owned(tx: &Tx, owner: Uuid, id: Uuid) -> Result<StoredUse, ActionError> {
    let own = [subject_of(owner), texts_of(owner)];
    let found = store::find(tx, id).await?.filter(|found| own.contains(&found.subject));
    Ok(found.ok_or_else(unknown)?)
}

/// Checks a description. A portrait and a mark stand beside the name, which says what they show.
fn checked_description(used: PictureUse, text: &str) -> Result<&str, Problem> {
    match used {
        PictureUse::Face | PictureUse::Mark if text.trim().is_empty() => Ok(""),
        _ => checked_text(text),
    }
}

/// Checks the description of a picture that needs one.
///
/// # Errors
/// When it is missing or too long.
pub fn checked_text(text: &str) -> Result<&str, Problem> {
    short(text, "description", "Describe what the picture shows.")
}

fn short<'a>(text: &'a str, field: &'static str, missing: &str) -> Result<&'a str, Problem> {
    let text = text.trim();
    let length = text.chars().count();
    let detail = match length {
        0 => missing.to_owned(),
        1..=LONGEST_TEXT => return Ok(text),
        _ => format!("The text has {length} characters. Use at most {LONGEST_TEXT}."),
    };
    Err(Problem::new(ProblemKind::Invalid, "PICTURE_TEXT", detail).at(field))
}

fn unknown() -> Problem {
    Problem::not_found("This picture does not exist or was removed.")
}

fn limit(detail: String, seconds: u32) -> Problem {
    Problem::new(ProblemKind::TooManyRequests, "PICTURE_LIMIT", detail).after(seconds)
}
