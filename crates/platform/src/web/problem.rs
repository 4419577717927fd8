use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{FieldProblem, InvalidPart, Problem, ProblemKind};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ActionError,
    db::{DbError, Fault},
    telemetry::{news, request},
};

/// The code of a problem that signing in solves; pages redirect to the sign-in page.
pub const SIGN_IN_REQUIRED: &str = "SIGN_IN_REQUIRED";

/// The code of a problem that proving a second factor solves; pages redirect to where it is proven.
pub const SECOND_FACTOR_REQUIRED: &str = "SECOND_FACTOR_REQUIRED";

/// The path of the page that explains each problem code, at an anchor with the code.
pub const PROBLEMS_PAGE: &str = "/docs/problems";

/// A problem document (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// The path of the page that explains the problem.
    #[schema(format = "uri-reference")]
    pub r#type: String,
    /// The name of the HTTP status.
    pub title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// Stable, for programs.
    pub code: &'static str,
    /// A description of the problem and the next step.
    pub detail: String,
    /// The contact for failures of the server, if an admin has set it: an email address or the URL of a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, example = "ops@guild.example")]
    pub contact: Option<String>,
    /// The name of the field that is missing or not valid, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, example = "closes_at")]
    pub field: Option<&'static str>,
    /// Every invalid part of the body, if there can be several. If several fields are not valid, each of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, inline)]
    pub errors: Vec<PartBody>,
}

/// An invalid part of a body.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = InvalidPart)]
pub struct PartBody {
    /// `#` and the JSON Pointer to the part.
    #[schema(example = "#/document/merged")]
    pub pointer: String,
    /// A description of the part and what is valid.
    pub detail: String,
}

impl From<&InvalidPart> for PartBody {
    fn from(part: &InvalidPart) -> Self {
        Self { pointer: format!("#{}", part.pointer), detail: part.detail.clone() }
    }
}

impl From<&FieldProblem> for PartBody {
    fn from(it: &FieldProblem) -> Self {
        Self { pointer: format!("#/{}", it.field), detail: it.detail.clone() }
    }
}

/// An error of a handler.
#[derive(Debug)]
pub enum WebError {
    /// A problem that the caller can act on.
    Refused(Problem),
    /// An internal error. It is logged once; the caller gets no details.
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

impl From<Problem> for WebError {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

impl From<ActionError> for WebError {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::Refused(problem) => Self::Refused(problem),
            ActionError::Db(error) => error.into(),
            other => Self::Failed(Box::new(other)),
        }
    }
}

impl From<DbError> for WebError {
    fn from(error: DbError) -> Self {
        match error.fault() {
            Fault::Full => {
                if let Some(times) = news("requests", &error) {
                    tracing::error!(%error, times, "the disk is full");
                }
                Self::Refused(disk_full())
            }
            Fault::Unavailable | Fault::Locked => {
                if let Some(times) = news("requests", &error) {
                    tracing::error!(%error, times, "the database is not available");
                }
                Self::Refused(database_unavailable())
            }
            _ => Self::Failed(Box::new(error)),
        }
    }
}

#[must_use]
pub fn disk_full() -> Problem {
    let detail = "The server's disk is full, so nothing was changed. Try again after an admin \
                  has freed space.";
    Problem::new(ProblemKind::Overloaded, "DISK_FULL", detail)
}

/// Returns the problem for a database that does not respond.
#[must_use]
pub fn database_unavailable() -> Problem {
    // A connection that is lost during a commit leaves open whether the change was made.
    let detail = "The server cannot use its database. Try again in a moment.";
    Problem::new(ProblemKind::Overloaded, "DATABASE_UNAVAILABLE", detail)
}

impl WebError {
    /// Returns the problem for the caller, and logs internal errors.
    #[must_use]
    pub fn into_problem(self) -> Problem {
        match self {
            Self::Refused(problem) => problem,
            Self::Failed(error) => {
                tracing::error!(%error, "a request failed with an internal error");
                request::failed_with(&error);
                Problem::new(
                    ProblemKind::Internal,
                    "INTERNAL",
                    "The error was logged, and nothing was changed. Try again.",
                )
            }
        }
    }
}

/// Returns the HTTP status of a kind of problem.
#[must_use]
pub fn status(kind: ProblemKind) -> StatusCode {
    match kind {
        ProblemKind::Malformed => StatusCode::BAD_REQUEST,
        ProblemKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        ProblemKind::Forbidden => StatusCode::FORBIDDEN,
        ProblemKind::NotFound => StatusCode::NOT_FOUND,
        ProblemKind::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ProblemKind::TooSlow => StatusCode::REQUEST_TIMEOUT,
        ProblemKind::Conflict => StatusCode::CONFLICT,
        ProblemKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ProblemKind::UrlTooLong => StatusCode::URI_TOO_LONG,
        ProblemKind::UnsupportedType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ProblemKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        ProblemKind::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        ProblemKind::HeadTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        ProblemKind::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
        ProblemKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        problem_response(self.into_problem())
    }
}

/// Returns the invalid parts of a body: those of a document, or its fields.
fn parts(problem: &Problem) -> Vec<PartBody> {
    let fields = problem.fields.iter().map(PartBody::from);
    problem.errors.iter().map(PartBody::from).chain(fields).collect()
}

/// Adds the problem to the response as an extension, so that a layer can render it differently.
fn problem_response(problem: Problem) -> Response {
    let status = status(problem.kind);
    let is_failure = status.is_server_error();
    if is_failure {
        request::failed(problem.code);
    }
    let body = ProblemBody {
        r#type: format!("{PROBLEMS_PAGE}#{}", problem.code),
        title: status.canonical_reason().unwrap_or("Error"),
        status: status.as_u16(),
        code: problem.code,
        detail: problem.detail.clone(),
        contact: request::contact().filter(|_| is_failure),
        field: problem.field,
        errors: parts(&problem),
    };
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    put_retry_after(headers, &problem);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response.extensions_mut().insert(problem);
    response
}

/// How long a caller waits after a problem that does not say it, in seconds.
const SOON: u32 = 1;

/// Writes `Retry-After` for a problem that waiting solves.
pub fn put_retry_after(headers: &mut HeaderMap, problem: &Problem) {
    let is_passing = matches!(problem.kind, ProblemKind::Overloaded | ProblemKind::TooManyRequests);
    if is_passing {
        let seconds = problem.retry_after.unwrap_or(SOON);
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
}
