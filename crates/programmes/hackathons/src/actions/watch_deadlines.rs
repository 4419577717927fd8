use chrono::TimeDelta;
use platform::{ActionError, Context, alerts::Incident, db::DbError};

use crate::{
    FLAG, reads,
    rules::waiting::{unchecked, unfrozen},
};

/// The kind of alert for submissions that are not frozen at their deadline.
pub(crate) const DEADLINES: &str = "submission_deadlines";

/// How long after a deadline its submissions may wait. The job runs every minute.
const PATIENCE: TimeDelta = TimeDelta::minutes(3);
/// The number up to which waiting submissions are counted.
const MOST: i64 = 1_000;

/// The kind of alert for submissions that are not checked.
pub(crate) const CHECKS: &str = "submission_checks";
/// How long a submission may wait for its checks.
const CHECKED_WITHIN: TimeDelta = TimeDelta::hours(1);

/// Returns an incident while submissions wait for their checks for an hour or more.
pub(crate) async fn check_incidents(context: &Context) -> Result<Vec<Incident>, ActionError> {
    if !context.flags.is_on_for_anyone(FLAG) {
        return Ok(Vec::new());
    }
    let now = context.now();
    let waiting = reads::unchecked_since(&context.db, now - CHECKED_WITHIN, now).await?;
    Ok(unchecked(waiting).into_iter().collect())
}

/// Returns an incident while submissions whose deadline has passed are not frozen. This does not depend on the flag of hackathons,
/// and neither does the freezing.
pub(crate) async fn deadline_incidents(context: &Context) -> Result<Vec<Incident>, DbError> {
    let waiting = reads::due_submissions(&context.db, context.now() - PATIENCE, MOST).await?;
    Ok(unfrozen(waiting.len()).into_iter().collect())
}
