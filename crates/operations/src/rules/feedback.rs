//! Feedback about the server, before it is stored.

use kernel::{Checks, Problem, ProblemKind};

use crate::model::FeedbackKind;

/// The most characters of feedback, and of an answer.
pub const LONGEST: usize = 4_000;
/// The most characters of the path of a page.
const LONGEST_PAGE: usize = 500;
/// The most feedback that a person can send in 24 hours.
pub const PER_DAY: i64 = 10;

/// Feedback as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedFeedback {
    pub kind: FeedbackKind,
    pub words: String,
    /// The path of the page that it is about.
    pub page: Option<String>,
}

/// Checks typed feedback: its kind by code, its words, and the path of a page, which may be empty.
///
/// # Errors
/// When a field is invalid; the problem names all that are.
pub fn checked(kind: &str, words: &str, page: &str) -> Result<CheckedFeedback, Problem> {
    let mut checks = Checks::default();
    let unknown = || refused("kind", "Choose what your feedback is.".to_owned());
    let kind = FeedbackKind::named(kind).ok_or_else(unknown);
    let kind = checks.read_or(kind, FeedbackKind::Other);
    let words = checks.read(text("words", words));
    let page = checks.read(path(page));
    checks.finish(CheckedFeedback { kind, words, page })
}

/// Checks an answer.
///
/// # Errors
/// When it is empty or too long.
pub fn checked_answer(answer: &str) -> Result<String, Problem> {
    text("answer", answer)
}

fn text(field: &'static str, typed: &str) -> Result<String, Problem> {
    let text = typed.replace("\r\n", "\n").replace('\0', "").trim().to_owned();
    match text.chars().count() {
        0 => Err(refused(field, "Write at least a sentence.".to_owned())),
        length if length > LONGEST => Err(refused(
            field,
            format!("The text has {length} characters. Shorten it to {LONGEST} or fewer."),
        )),
        _ => Ok(text),
    }
}

fn path(typed: &str) -> Result<Option<String>, Problem> {
    let path = typed.trim();
    // Browsers take two slashes, or one that leans backward, for the address of another site.
    let is_path = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.chars().count() <= LONGEST_PAGE
        && !path.chars().any(|c| c.is_whitespace() || c.is_control());
    match path {
        "" => Ok(None),
        path if is_path => Ok(Some(path.to_owned())),
        _ => Err(refused(
            "page",
            "Enter the path of the page, such as /discover, or leave it empty.".to_owned(),
        )),
    }
}

fn refused(field: &'static str, detail: String) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_FEEDBACK", detail).at(field)
}

/// Returns the problem of a person who sent the most feedback of a day.
#[must_use]
pub fn too_much() -> Problem {
    let detail = format!("You sent {PER_DAY} messages in the last 24 hours. Try again tomorrow.");
    Problem::new(ProblemKind::TooManyRequests, "TOO_MUCH_FEEDBACK", detail).after(3_600)
}

/// Returns the problem of feedback that someone answered before.
#[must_use]
pub fn answered() -> Problem {
    let detail = "Someone has already answered this feedback. Open the list of answers to read it.";
    Problem::new(ProblemKind::Conflict, "FEEDBACK_ANSWERED", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feedback_is_trimmed() {
        let found = checked("idea", " Show\r\ntides. ", " /discover?q=tide ").expect("fine");
        let page = Some("/discover?q=tide".to_owned());
        let words = "Show\ntides.".to_owned();
        assert_eq!(found, CheckedFeedback { kind: FeedbackKind::Idea, words, page });
        assert_eq!(checked("other", "Hello", "").expect("fine").page, None);
    }

    #[test]
    fn every_wrong_field_is_named() {
        let long = "ä".repeat(LONGEST + 1);
        let too_long = format!("/{long}");
        for (kind, words, page, fields) in [
            ("rant", " ", "discover", &["kind", "words", "page"][..]),
            ("idea", long.as_str(), "", &["words"][..]),
            ("idea", "Hello", "https://else.where/x", &["page"][..]),
            ("idea", "Hello", "/a b", &["page"][..]),
            ("idea", "Hello", "//else.where", &["page"][..]),
            ("idea", "Hello", "/\\else.where", &["page"][..]),
            ("idea", "Hello", too_long.as_str(), &["page"][..]),
        ] {
            let problem = checked(kind, words, page).expect_err("refused");
            let named: Vec<_> = problem.rejected().iter().map(|it| it.field).collect();
            assert_eq!(named, fields, "{problem:?}");
        }
        assert!(checked_answer("\n").is_err());
        assert_eq!(checked_answer(" Thanks. ").expect("fine"), "Thanks.");
    }
}
