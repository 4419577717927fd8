use chrono::TimeDelta;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context, audit,
    db::{DbError, Tx},
};
use uuid::Uuid;

use super::acts::on_person;
use crate::{
    model::{EXPORT_ASKED, UserId, Viewer},
    rules::EXPORT_LASTS,
    store::privacy,
};

/// The minimum time between two exports of a person.
const EXPORT_EVERY: TimeDelta = TimeDelta::hours(1);

/// Requests an export of the viewer's data, which a job prepares.
///
/// # Errors
/// When they requested one within the hour.
pub async fn ask_for_export(context: &Context, viewer: &Viewer) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    tx.serialize("identity.exports").await?;
    let (person, now) = (viewer.user_id, context.now());
    let before = privacy::export(&tx, person).await?;
    let wait = before.map(|before| before.created_at + EXPORT_EVERY - now);
    if let Some(wait) = wait.filter(|wait| *wait > TimeDelta::zero()) {
        return Err(too_often(wait).into());
    }
    let id = context.ids.next();
    privacy::ask(&tx, id, person, now).await?;
    audit::record(&tx, context, on_person(viewer.actor(), "user.export", person)).await?;
    tx.wake(EXPORT_ASKED, [id], context.ids.as_ref(), now).await?;
    Ok(tx.commit().await?)
}

/// Returns the person whose export still has to be prepared, if any.
pub async fn export_asked(tx: &Tx, id: Uuid) -> Result<Option<UserId>, DbError> {
    privacy::asked(tx, id).await
}

/// Stores a prepared export until it expires.
pub async fn keep_export(
    tx: &Tx,
    context: &Context,
    id: Uuid,
    document: Vec<u8>,
) -> Result<(), DbError> {
    privacy::complete(tx, id, document, context.now()).await
}

/// Deletes exports that have expired; returns their number.
pub async fn forget_exports(context: &Context) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let forgotten = privacy::forget(&tx, context.now() - EXPORT_LASTS).await?;
    tx.commit().await?;
    Ok(forgotten)
}

fn too_often(wait: TimeDelta) -> Problem {
    let detail = "You requested a download within the last hour. Find it at /settings/account.";
    let seconds = u32::try_from(wait.num_seconds() + 1).unwrap_or(u32::MAX);
    Problem::new(ProblemKind::TooManyRequests, "EXPORT_TOO_OFTEN", detail).after(seconds)
}
