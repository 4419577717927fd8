/// Kinds of problems that a caller can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// The input cannot be understood: HTTP 400.
    Malformed,
    /// The caller is not known: HTTP 401.
    Unauthenticated,
    /// The caller may not: HTTP 403.
    Forbidden,
    /// No such thing, or not for this caller: HTTP 404.
    NotFound,
    /// The address does not take this method: HTTP 405.
    MethodNotAllowed,
    /// The input did not arrive in time: HTTP 408.
    TooSlow,
    /// The thing's present state does not allow it: HTTP 409.
    Conflict,
    /// The input is larger than allowed: HTTP 413.
    TooLarge,
    /// The address is longer than allowed: HTTP 414.
    UrlTooLong,
    /// The input's type is not supported: HTTP 415.
    UnsupportedType,
    /// The input is well-formed but breaks a rule: HTTP 422.
    Invalid,
    /// The caller asks too often: HTTP 429 with `Retry-After`.
    TooManyRequests,
    /// The headers are larger than allowed: HTTP 431.
    HeadTooLarge,
    /// Too much at once, try later: HTTP 503 with `Retry-After`.
    Overloaded,
    /// Our fault: HTTP 500.
    Internal,
}

/// A refusal that a person can act on: a kind, a stable code and a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Problem {
    /// Decides the HTTP status.
    pub kind: ProblemKind,
    /// Stable, for programs: `UPPER_SNAKE_CASE`.
    pub code: &'static str,
    /// The situation, then the next step.
    pub detail: String,
    /// The field of a form or body that is refused, if one is.
    pub field: Option<&'static str>,
}

impl Problem {
    /// A problem of `kind` with a stable `code` and a sentence for the person.
    pub fn new(kind: ProblemKind, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind,
            code,
            detail: detail.into(),
            field: None,
        }
    }

    /// Names the field that is refused, so that a form can show the sentence beside it.
    #[must_use]
    pub fn at(self, field: &'static str) -> Self {
        Self {
            field: Some(field),
            ..self
        }
    }

    /// No such thing, or not for this caller.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::NotFound, "NOT_FOUND", detail)
    }
}
