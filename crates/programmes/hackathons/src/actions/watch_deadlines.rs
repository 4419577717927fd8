use chrono::TimeDelta;
use kernel::counted;
use platform::{
    Context,
    alerts::{Incident, Severity},
    db::DbError,
};

use crate::reads;

/// The kind of alert for submissions that are not frozen at their deadline.
pub(crate) const DEADLINES: &str = "submission_deadlines";

/// How long after a deadline its submissions may wait. The job runs every minute.
const PATIENCE: TimeDelta = TimeDelta::minutes(3);
/// The number up to which waiting submissions are counted.
const MOST: i64 = 1_000;

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
        assert!(incident(2).is_some_and(|it| it.text.contains("of 2 submissions passed")));
    }
}
