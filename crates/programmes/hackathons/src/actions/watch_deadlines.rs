use chrono::TimeDelta;
use kernel::counted;
use platform::{
    ActionError, Context,
    alerts::{Incident, Severity},
    db::DbError,
    flags::Who,
};

use crate::{FLAG, reads};

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
    if !context.flags.is_on(FLAG, Who::default()) {
        return Ok(Vec::new());
    }
    let now = context.now();
    let waiting = reads::unchecked_since(&context.db, now - CHECKED_WITHIN, now).await?;
    Ok(checks_incident(waiting).into_iter().collect())
}

fn checks_incident(waiting: i64) -> Option<Incident> {
    (waiting > 0).then(|| Incident {
        subject: "checks".to_owned(),
        severity: Severity::High,
        title: "Submissions wait for their checks".to_owned(),
        text: format!(
            "{} for an hour or more. The pages of the submissions have the last error. See docs/operations.md, 'GitHub fails or limits \
             the checks'.",
            counted(
                waiting,
                "submission has waited for its checks",
                "submissions have waited for their checks"
            )
        ),
        link: "/admin/jobs",
    })
}

/// Returns an incident while submissions whose deadline has passed are not frozen. This does not depend on the flag of hackathons,
/// and neither does the freezing.
pub(crate) async fn deadline_incidents(context: &Context) -> Result<Vec<Incident>, DbError> {
    let waiting = reads::due_submissions(&context.db, context.now() - PATIENCE, MOST).await?;
    Ok(incident(waiting.len()).into_iter().collect())
}

fn incident(waiting: usize) -> Option<Incident> {
    (waiting > 0).then(|| Incident {
        subject: "submissions".to_owned(),
        severity: Severity::Critical,
        title: "Submissions are not frozen at their deadline".to_owned(),
        text: format!(
            "The deadline of {} passed three minutes ago or more, but SubmissionDeadlines has not frozen them: it fails or is \
             paused. No submission is lost, and pushes after the deadline do not count. See docs/operations.md, 'Submissions do not \
             get through'.",
            counted(waiting, "submission", "submissions")
        ),
        link: "/admin/jobs/SubmissionDeadlines",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_waiting_submission_is_critical() {
        assert!(incident(0).is_none());
        let found = incident(1).expect("an incident");
        assert_eq!(found.severity, Severity::Critical);
        assert!(found.text.contains("of 1 submission passed"));
        assert!(checks_incident(0).is_none());
        assert!(checks_incident(1).is_some_and(|it| it.text.starts_with("1 submission has")));
        assert!(incident(2).is_some_and(|it| it.text.contains("of 2 submissions passed")));
    }
}
