use thiserror::Error;

/// Why one line cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LineError {
    /// Not JSON, or not an object.
    #[error("not a JSON object ({0}); use a GH Archive file with one event per line")]
    NotJson(String),
    /// JSON, but a field of an archived event is missing or of another type.
    #[error("not a GH Archive event: {0}")]
    NotAnEvent(String),
    /// The form of the years up to 2014.
    #[error(
        "this event is in GH Archive's format from before 2015, which has no event ID; use files from \
         2015-01-01 or later"
    )]
    OldForm,
    /// The pull request is only ids.
    #[error(
        "the pull request of this event has no title or state: since 2025-10-07, GH Archive only \
         includes pull request IDs; import from GitHub's API instead"
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
