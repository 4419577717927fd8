//! The checks of a hackathon's own: a workflow that organizers hand out, and that teams have in their repositories.

use kernel::{Problem, typed};

use super::invalid;
use crate::model::CheckOutcome;

/// The beginning of every type, so that no other workflow of a team's repository is started.
const PREFIX: &str = "hackathon-";

/// The longest type, in characters, by
/// <https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event>.
const LONGEST: usize = 100;

/// Validates the type of the event that starts the hackathon's own checks; `None` if it has none.
///
/// # Errors
/// When it is too long, or does not consist of `hackathon-` and small letters, digits or hyphens.
pub fn event_type(typed: &str) -> Result<Option<String>, Problem> {
    let read = typed::optional_line(typed, "The event", LONGEST);
    let read = read.map_err(|detail| invalid("workflow_event", detail))?;
    if read.is_empty() {
        return Ok(None);
    }
    let is_known = |part: char| part.is_ascii_lowercase() || part.is_ascii_digit() || part == '-';
    let name = read.strip_prefix(PREFIX).unwrap_or_default();
    if !name.is_empty() && name.chars().all(is_known) {
        Ok(Some(read))
    } else {
        Err(invalid(
            "workflow_event",
            format!(
                "Write {PREFIX} and a name of small letters, digits and hyphens, such as {PREFIX}check. The beginning \
                 keeps other workflows of a repository from being started."
            ),
        ))
    }
}

/// Returns the outcome of a result, by GitHub's name of its conclusion
/// (<https://docs.github.com/en/rest/checks/runs#create-a-check-run>).
#[must_use]
pub fn outcome(conclusion: &str) -> CheckOutcome {
    match conclusion {
        "success" => CheckOutcome::Pass,
        "failure" | "timed_out" | "startup_failure" => CheckOutcome::Fail,
        _ => CheckOutcome::Warn,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_begins_with_hackathon() {
        assert_eq!(event_type("  "), Ok(None));
        let read = event_type(" hackathon-check-2 ");
        assert_eq!(read, Ok(Some("hackathon-check-2".to_owned())));
        let long = format!("{PREFIX}{}", "a".repeat(LONGEST));
        for typed in ["deploy", "hackathon-", "hackathon-Check", "hackathon-a b", &long] {
            let refused = event_type(typed).expect_err(typed);
            assert_eq!(refused.field, Some("workflow_event"), "{typed}");
        }
    }

    #[test]
    fn conclusions_are_outcomes() {
        for (conclusion, expected) in [
            ("success", CheckOutcome::Pass),
            ("failure", CheckOutcome::Fail),
            ("timed_out", CheckOutcome::Fail),
            ("cancelled", CheckOutcome::Warn),
            ("neutral", CheckOutcome::Warn),
            ("", CheckOutcome::Warn),
        ] {
            assert_eq!(outcome(conclusion), expected, "{conclusion}");
        }
    }
}
