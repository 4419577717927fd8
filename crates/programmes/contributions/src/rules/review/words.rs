use kernel::{Checks, Problem, ProblemKind};

use crate::model::ReviewAction;

/// The maximum number of characters of a comment.
pub const LONGEST_COMMENT: usize = 10_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewWords {
    /// The comment that everyone can read, and that the author is sent.
    pub public_comment: Option<String>,
    /// The comment that only maintainers of the project can read.
    pub internal_comment: Option<String>,
}

impl ReviewWords {
    /// Trims the texts, and checks them for an action.
    ///
    /// # Errors
    /// When a text is too long, or the action needs one that is missing.
    pub fn checked(self, action: ReviewAction) -> Result<Self, Problem> {
        let mut checks = Checks::default();
        let words = Self {
            public_comment: checks.read(text(self.public_comment, "public_comment")),
            internal_comment: checks.read(text(self.internal_comment, "internal_comment")),
        };
        let words = checks.finish(words)?;
        let is_missing = match action {
            ReviewAction::Commented => words == Self::default(),
            action => needs_public(action) && words.public_comment.is_none(),
        };
        if is_missing {
            return Err(missing(action));
        }
        Ok(words)
    }
}

/// Returns whether an action has to be explained to the author.
fn needs_public(action: ReviewAction) -> bool {
    use ReviewAction::{Overrode, Rejected, RequestedChanges};
    action.is_mark() || matches!(action, RequestedChanges | Rejected | Overrode)
}

fn text(text: Option<String>, field: &'static str) -> Result<Option<String>, Problem> {
    let text = text.map(|text| text.trim().replace("\r\n", "\n"));
    let text = text.filter(|text| !text.is_empty());
    let length = text.as_deref().map_or(0, |text| text.chars().count());
    if length > LONGEST_COMMENT {
        let detail = format!(
            "The comment has {length} characters. Shorten it to {LONGEST_COMMENT} or fewer."
        );
        let problem = Problem::new(ProblemKind::Invalid, "REVIEW_COMMENT_TOO_LONG", detail);
        return Err(problem.at(field));
    }
    Ok(text)
}

fn missing(action: ReviewAction) -> Problem {
    let detail = match action {
        ReviewAction::RequestedChanges => "Enter in the public comment which changes are needed.",
        ReviewAction::Commented => "Enter a public or an internal comment.",
        _ => "Enter the reason as the public comment. The author can read it.",
    };
    Problem::new(ProblemKind::Invalid, "REVIEW_COMMENT_REQUIRED", detail).at("public_comment")
}
