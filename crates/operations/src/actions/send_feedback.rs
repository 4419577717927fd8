use chrono::TimeDelta;
use identity::model::UserId;
use platform::{ActionError, Context};
use uuid::Uuid;

use crate::{rules, store::feedback};

/// The lock for new feedback.
const LOCK: &str = "operations.feedback";

/// Feedback as typed.
#[derive(Clone, Copy, Debug)]
pub struct NewFeedback<'a> {
    /// The code of its kind.
    pub kind: &'a str,
    pub words: &'a str,
    /// The path of the page that it is about; may be empty.
    pub page: &'a str,
}

/// Stores what a person says about the server. The same words again within 24 hours change nothing. Returns its ID.
///
/// # Errors
/// When a field is invalid, or the person sent ten others in 24 hours.
pub async fn send_feedback(
    context: &Context,
    person: UserId,
    new: NewFeedback<'_>,
) -> Result<Uuid, ActionError> {
    let new = rules::checked(new.kind, new.words, new.page)?;
    let now = context.now();
    let since = now - TimeDelta::days(1);
    let tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    if let Some(id) = feedback::same(&tx, person, &new.words, since).await? {
        return Ok(id);
    }
    if feedback::sent(&tx, person, since).await? >= rules::PER_DAY {
        return Err(rules::too_much().into());
    }
    let id = context.ids.next();
    feedback::insert(&tx, (id, now), person, &new).await?;
    tx.commit().await?;
    Ok(id)
}
