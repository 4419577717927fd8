//! Checks of a text before it is saved.

use kernel::{Problem, ProblemKind};

use crate::model::TextName;

/// The most characters of a text.
pub const LONGEST: usize = 20_000;

/// Returns a typed text as it is stored: with simple line ends and without white space around it.
///
/// # Errors
/// When the text is empty or too long.
pub fn checked(typed: &str) -> Result<String, Problem> {
    let body = typed.replace("\r\n", "\n").replace('\0', "").trim().to_owned();
    let length = body.chars().count();
    if length == 0 {
        return Err(refused("The text is empty. Write at least a sentence.".to_owned()));
    }
    if length > LONGEST {
        return Err(refused(format!(
            "The text has {length} characters. Shorten it to {LONGEST} or fewer."
        )));
    }
    Ok(body)
}

fn refused(detail: String) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_TEXT", detail).at("body")
}

/// Returns whether a text that was based on a version may follow the current one. Version 0 is the proposed text.
#[must_use]
pub fn is_current(based_on: i64, current: Option<i64>) -> bool {
    based_on == current.unwrap_or(0)
}

/// Returns the problem of a text that is based on an earlier version than the current one. `by` is who saved that.
#[must_use]
pub fn outdated(name: TextName, current: i64, by: &str) -> Problem {
    let detail = format!(
        "{by} saved version {current} of this text while you were editing. Your text is below. Compare it with \
         {}, then save it again to replace that version.",
        name.address()
    );
    Problem::new(ProblemKind::Conflict, "TEXT_OUTDATED", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_and_bounded() {
        let long = "ä".repeat(LONGEST);
        let longer = "ä".repeat(LONGEST + 1);
        for (typed, stored) in [
            ("", None),
            (" \r\n\t", None),
            (" One\r\ntwo \n", Some("One\ntwo")),
            ("a\0b", Some("ab")),
            (long.as_str(), Some(long.as_str())),
            (longer.as_str(), None),
        ] {
            let found = checked(typed);
            assert_eq!(found.as_deref().ok(), stored, "{} characters", typed.len());
            if let Err(problem) = found {
                assert_eq!((problem.code, problem.field), ("BAD_TEXT", Some("body")));
            }
        }
    }

    #[test]
    fn only_the_current_version_is_followed() {
        for (based_on, current, is) in [
            (0, None, true),
            (1, None, false),
            (0, Some(1), false),
            (1, Some(1), true),
            (1, Some(2), false),
            (2, Some(1), false),
        ] {
            assert_eq!(is_current(based_on, current), is, "{based_on} {current:?}");
        }
        let problem = outdated(TextName::Conduct, 3, "finch-ash");
        assert!(problem.detail.starts_with("finch-ash saved version 3") && problem.field.is_none());
    }
}
