/// The kind of a problem, which decides its HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// The input cannot be understood: HTTP 400.
    Malformed,
    /// The caller is not authenticated: HTTP 401.
    Unauthenticated,
    /// The caller lacks permission: HTTP 403.
    Forbidden,
    /// The resource does not exist, or is hidden from this caller: HTTP 404.
    NotFound,
    /// The path does not support this method: HTTP 405.
    MethodNotAllowed,
    /// The input did not arrive in time: HTTP 408.
    TooSlow,
    /// The resource's current state does not allow the request: HTTP 409.
    Conflict,
    /// The input is larger than allowed: HTTP 413.
    TooLarge,
    /// The URL is longer than allowed: HTTP 414.
    UrlTooLong,
    /// The input's type is not supported: HTTP 415.
    UnsupportedType,
    /// The input is well-formed but breaks a rule: HTTP 422.
    Invalid,
    /// The caller exceeded a rate limit: HTTP 429 with `Retry-After`.
    TooManyRequests,
    /// The headers are larger than allowed: HTTP 431.
    HeadTooLarge,
    /// The server is overloaded; try again later: HTTP 503 with `Retry-After`.
    Overloaded,
    /// The server failed: HTTP 500.
    Internal,
}

/// An error that the caller can act on: a kind, a stable code and a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Problem {
    /// Decides the HTTP status.
    pub kind: ProblemKind,
    /// The stable code for programs, in `UPPER_SNAKE_CASE`.
    pub code: &'static str,
    /// A description of the situation, then the next step.
    pub detail: String,
    /// The rejected field of a form or body, if any.
    pub field: Option<&'static str>,
    /// The number of seconds after which to try again, if waiting solves the problem.
    pub retry_after: Option<u32>,
    /// Every invalid part of a document, if the problem is a document with errors.
    pub errors: Vec<InvalidPart>,
    /// Every rejected field with its own sentence, if there are several.
    pub fields: Vec<FieldProblem>,
}

/// A rejected field of a form or body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    pub field: &'static str,
    /// A sentence that says what is wrong and what is valid.
    pub detail: String,
}

/// An invalid part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPart {
    /// The JSON Pointer to the part in the body of the request, such as `/document/merged`.
    pub pointer: String,
    /// A sentence that names the part and what is valid.
    pub detail: String,
}

impl Problem {
    /// Creates a problem of `kind` with a stable `code` and a sentence for the person.
    pub fn new(kind: ProblemKind, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind,
            code,
            detail: detail.into(),
            field: None,
            retry_after: None,
            errors: Vec::new(),
            fields: Vec::new(),
        }
    }

    /// Names the rejected field, so that a form can show the sentence next to it.
    #[must_use]
    pub fn at(self, field: &'static str) -> Self {
        Self { field: Some(field), ..self }
    }

    /// Adds the rejected fields of another problem, each sentence once.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        let mut fields = self.rejected();
        let known = fields.len();
        for it in other.into_rejected() {
            if !fields.contains(&it) {
                fields.push(it);
            }
        }
        if fields.len() > known {
            self.fields = fields;
        }
        self
    }

    /// Adds the rejected fields of another check, if it fails.
    #[must_use]
    pub fn with<T>(self, check: Result<T, Self>) -> Self {
        match check {
            Ok(_) => self,
            Err(other) => self.and(other),
        }
    }

    fn into_rejected(self) -> Vec<FieldProblem> {
        let Self { field, detail, fields, .. } = self;
        if fields.is_empty() {
            field.map(|field| FieldProblem { field, detail }).into_iter().collect()
        } else {
            fields
        }
    }

    /// Returns the rejected fields, in the order in which they were checked.
    #[must_use]
    pub fn rejected(&self) -> Vec<FieldProblem> {
        if self.fields.is_empty() {
            let one = |field| FieldProblem { field, detail: self.detail.clone() };
            self.field.map(one).into_iter().collect()
        } else {
            self.fields.clone()
        }
    }

    /// Returns the sentences about a field, if it was rejected.
    #[must_use]
    pub fn of_field(&self, field: &str) -> Option<String> {
        let rejected = self.rejected().into_iter().filter(|it| it.field == field);
        let sentences: Vec<String> = rejected.map(|it| it.detail).collect();
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    /// Returns whether a field was rejected.
    #[must_use]
    pub fn rejects(&self, field: &str) -> bool {
        self.field == Some(field) || self.fields.iter().any(|it| it.field == field)
    }

    /// States the number of seconds after which to try again.
    #[must_use]
    pub fn after(self, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// States every invalid part of a document.
    #[must_use]
    pub fn with_errors(self, errors: Vec<InvalidPart>) -> Self {
        Self { errors, ..self }
    }

    /// Creates a problem for a resource that does not exist, or is hidden from this caller.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::NotFound, "NOT_FOUND", detail)
    }
}
