use thiserror::Error;

/// The reason that a line is not usable.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LineError {
    /// Not JSON, or not an object.
    #[error("not a JSON object ({0}); use a GH Archive file with one event per line")]
    NotJson(String),
    /// JSON, but a field of an archived event is missing or has another type.
    #[error("not a GH Archive event: {0}")]
    NotAnEvent(String),
    /// An event in the format used until 2014.
    #[error(
        "this event is in GH Archive's format from before 2015, which has no event ID; use files from \
         2015-01-01 or later"
    )]
    OldForm,
    /// A pull request with nothing but IDs.
    #[error(
        "the pull request of this event has no title or state: since 2025-10-07, GH Archive only \
         includes pull request IDs; import from GitHub's API instead"
    )]
    Trimmed,
}

/// The reason that a file is rejected: its first line that is not usable.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {error}")]
pub struct Refusal {
    /// The line number, counted from 1 with blank lines included.
    pub line: u64,
    pub error: LineError,
}
