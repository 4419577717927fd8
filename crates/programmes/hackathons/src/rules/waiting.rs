//! Incidents of submissions that wait too long.

use kernel::counted;
use platform::alerts::{Incident, Severity};

/// Returns the incident of submissions that have waited for their checks for an hour or more.
#[must_use]
pub fn unchecked(waiting: i64) -> Option<Incident> {
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

/// Returns the incident of submissions that are not frozen three minutes after their deadline.
#[must_use]
pub fn unfrozen(waiting: usize) -> Option<Incident> {
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
        assert!(unfrozen(0).is_none());
        let found = unfrozen(1).expect("an incident");
        assert_eq!(found.severity, Severity::Critical);
        assert!(found.text.contains("of 1 submission passed"));
        assert!(unchecked(0).is_none());
        assert!(unchecked(1).is_some_and(|it| it.text.starts_with("1 submission has")));
        assert!(unfrozen(2).is_some_and(|it| it.text.contains("of 2 submissions passed")));
    }
}
