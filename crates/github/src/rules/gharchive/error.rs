use thiserror::Error;

/// Why one line cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LineError {
    /// Not JSON, or not an object.
    #[error("this is not a JSON object ({0}): give a GH Archive file, one event a line")]
    NotJson(String),
    /// JSON, but a field of an archived event is missing or of another type.
    #[error("this is not an event as GH Archive writes them: {0}")]
    NotAnEvent(String),
    /// The form of the years up to 2014.
    #[error(
        "this event has the form of GH Archive's years before 2015, which carries no event id: \
         give files from 2015-01-01 on"
    )]
    OldForm,
    /// The pull request is only ids.
    #[error(
        "the pull request of this event has no title or state: from GitHub's change of 2025-10-07 \
         on, GH Archive carries only ids of pull requests: import from GitHub's API instead"
    )]
    Trimmed,
}

/// Why a whole file is refused: its first line that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {error}")]
pub struct Refusal {
    /// Counted from 1, blank lines included.
    pub line: u64,
    /// The error in it.
    pub error: LineError,
}
