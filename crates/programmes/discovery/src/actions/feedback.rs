use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{ActionError, Context, db::Tx};
use uuid::Uuid;

use super::{claims::unknown_opportunity, preferences::closed};
use crate::{
    model::{DismissalReason, FeedbackKind},
    reads,
    store::feedback,
};

/// The most opportunities that a person can save.
pub const MOST_SAVED: i64 = 200;

/// The newest statements of a person that are kept, of each kind but saved ones.
const KEPT: i64 = 500;

/// Saves an opportunity for a person, so that they find it again.
///
/// # Errors
/// When the opportunity is unknown, the account is closed, or the person saved as many as one can.
pub async fn save(context: &Context, person: UserId, id: Uuid) -> Result<(), ActionError> {
    let tx = state(context, person, id, FeedbackKind::Saved, None).await?;
    if feedback::count(&tx, person, FeedbackKind::Saved).await? > MOST_SAVED {
        let detail =
            format!("You saved {MOST_SAVED} issues. Remove one of them first, at /discover/saved.");
        return Err(Problem::new(ProblemKind::Conflict, "SAVED_LIMIT", detail).into());
    }
    tx.commit().await?;
    Ok(())
}

/// Dismisses an opportunity for a person: it is no longer proposed to them, and similar ones less often. Their newest 500
/// dismissals are kept.
///
/// # Errors
/// When the opportunity is unknown, or the account is closed.
pub async fn dismiss(
    context: &Context,
    person: UserId,
    id: Uuid,
    reason: DismissalReason,
) -> Result<(), ActionError> {
    let tx = state(context, person, id, FeedbackKind::Dismissed, Some(reason)).await?;
    feedback::forget(&tx, person, FeedbackKind::Dismissed, KEPT).await?;
    tx.commit().await?;
    Ok(())
}

/// Stores that a person started on an opportunity.
///
/// # Errors
/// When the opportunity is unknown, or the account is closed.
pub async fn start(context: &Context, person: UserId, id: Uuid) -> Result<(), ActionError> {
    note(context, person, id, FeedbackKind::Started).await
}

/// Stores that an opportunity was worth proposing to a person.
///
/// # Errors
/// When the opportunity is unknown, or the account is closed.
pub async fn mark_helpful(context: &Context, person: UserId, id: Uuid) -> Result<(), ActionError> {
    note(context, person, id, FeedbackKind::Helpful).await
}

/// Stores a statement of a kind, of which the newest 500 of a person are kept.
async fn note(
    context: &Context,
    person: UserId,
    id: Uuid,
    kind: FeedbackKind,
) -> Result<(), ActionError> {
    let tx = state(context, person, id, kind, None).await?;
    feedback::forget(&tx, person, kind, KEPT).await?;
    tx.commit().await?;
    Ok(())
}

/// Stores what a person states, in a transaction that the caller commits.
async fn state(
    context: &Context,
    person: UserId,
    opportunity: Uuid,
    kind: FeedbackKind,
    reason: Option<DismissalReason>,
) -> Result<Tx, ActionError> {
    let tx = context.begin().await?;
    if reads::opportunity(&tx, opportunity).await?.is_none() {
        return Err(unknown_opportunity().into());
    }
    // An account may have been erased since the request was authenticated.
    if !identity::reads::has_profile(&tx, person).await? {
        return Err(closed().into());
    }
    let (id, now) = (context.ids.next(), context.now());
    feedback::lock(&tx).await?;
    feedback::state(&tx, id, person, opportunity, kind, reason, now).await?;
    Ok(tx)
}

/// Withdraws what a person stated of an opportunity. Nothing happens if they did not.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(
    context: &Context,
    person: UserId,
    id: Uuid,
    kind: FeedbackKind,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    feedback::withdraw(&tx, person, id, kind).await?;
    tx.commit().await?;
    Ok(())
}
