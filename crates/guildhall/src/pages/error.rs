//! What a page says when it cannot be shown: the sentence of the API's problem document.

use askama::Template;
use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use kernel::{Clock as _, Problem, ProblemKind};
use platform::{
    SystemClock,
    db::DbError,
    web::{self, RequestId, WebError},
};

use super::{
    format::{Instant, tame},
    layout::{self, Section},
};

/// What a page's handler answers when it cannot do what was asked; shown as a page.
#[derive(Debug)]
pub struct PageError(WebError);

impl From<WebError> for PageError {
    fn from(error: WebError) -> Self {
        Self(error)
    }
}

impl From<Problem> for PageError {
    fn from(problem: Problem) -> Self {
        Self(problem.into())
    }
}

impl From<DbError> for PageError {
    fn from(error: DbError) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for PageError {
    /// Leaves the problem to [`layout::dress`], which knows the request's id.
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    section: Section,
    heading: &'static str,
    detail: String,
    /// What became of what was asked for.
    kept: &'static str,
    /// What to do now.
    next: &'static str,
    when: Instant,
    status: u16,
    code: &'static str,
    request: &'a str,
}

/// The page that tells a problem.
pub(super) fn page(problem: &Problem, id: Option<&RequestId>) -> Response {
    let status = web::status(problem.kind);
    let page = ErrorPage {
        section: Section::Elsewhere,
        heading: heading(problem),
        detail: tame(&problem.detail),
        kept: kept(problem.kind),
        next: next(problem),
        when: Instant(SystemClock.now()),
        status: status.as_u16(),
        code: problem.code,
        request: id.and_then(|id| id.0.to_str().ok()).unwrap_or("unknown"),
    };
    let html = page.render().unwrap_or_else(|error| {
        tracing::error!(%error, "the error page cannot be rendered");
        String::new()
    });
    let mut response = (status, Html(html)).into_response();
    layout::put_headers(response.headers_mut());
    if status == StatusCode::SERVICE_UNAVAILABLE {
        let soon = HeaderValue::from_static("1");
        response.headers_mut().insert(header::RETRY_AFTER, soon);
    }
    response
}

/// What is refused before any page: told without a look at who asks.
pub(crate) fn problem_page(request: &Request, error: WebError) -> Response {
    page(
        &error.into_problem(),
        request.extensions().get::<RequestId>(),
    )
}

fn heading(problem: &Problem) -> &'static str {
    match problem.kind {
        ProblemKind::Malformed if problem.code.starts_with("SIGN_IN") => "You are not signed in",
        ProblemKind::Malformed if problem.code == "BAD_FORM" => "This form cannot be read",
        ProblemKind::NotFound => "Not found",
        ProblemKind::Internal => "This page could not be shown",
        ProblemKind::Overloaded => "The hall is full for a moment",
        ProblemKind::TooManyRequests => "You asked too often",
        ProblemKind::Unauthenticated | ProblemKind::Forbidden => "Not open to you",
        ProblemKind::Conflict => "Not as things stand",
        ProblemKind::Invalid => "This cannot be done so",
        _ => "This address cannot be understood",
    }
}

fn kept(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Internal => "What was stored before is kept.",
        _ => "Nothing was changed.",
    }
}

fn next(problem: &Problem) -> &'static str {
    match problem.kind {
        // The sentence itself says what to do.
        ProblemKind::Malformed if matches!(problem.code, "BAD_FORM" | "SIGN_IN_USED") => "",
        ProblemKind::Malformed if problem.code.starts_with("SIGN_IN") => "",
        ProblemKind::NotFound => "Look for it from the leaderboard or from the projects.",
        ProblemKind::Internal => {
            "Load the page again; if it stays, tell whoever runs this house the request below."
        }
        ProblemKind::Overloaded | ProblemKind::TooManyRequests => {
            "Load the page again in a moment."
        }
        ProblemKind::Unauthenticated | ProblemKind::Forbidden => "What is public stands open.",
        _ => "Correct the address, or begin at the leaderboard.",
    }
}

/// Any address that no route serves.
pub(super) async fn not_found(request: Request) -> Response {
    tell(request, web::not_found()).await
}

/// A method that an address does not take.
pub(crate) async fn method_not_allowed(request: Request) -> Response {
    tell(request, web::method_not_allowed()).await
}

/// What no route answers: a page for people, a problem document under `/api`.
async fn tell(request: Request, problem: Problem) -> Response {
    if request.uri().path().starts_with("/api/") {
        return WebError::from(problem).into_response();
    }
    let id = request.extensions().get::<RequestId>();
    layout::framed(request.extensions(), async { page(&problem, id) }).await
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    async fn text(response: Response) -> String {
        let bytes = to_bytes(response.into_body(), 1 << 20)
            .await
            .expect("a body");
        String::from_utf8(bytes.to_vec()).expect("text")
    }

    #[tokio::test]
    async fn a_problem_is_told_in_its_own_words_and_escaped() {
        let problem = Problem::not_found("Nobody here has the login '<b>'.");
        let id = RequestId(HeaderValue::from_static("abc-12345"));
        let response = page(&problem, Some(&id));
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert!(
            response
                .headers()
                .contains_key(header::CONTENT_SECURITY_POLICY)
        );
        let html = text(response).await;
        assert!(html.contains("Nobody here has the login") && html.contains("abc-12345"));
        assert!(!html.contains("<b>'"), "{html}");
    }

    #[tokio::test]
    async fn programs_are_answered_in_json() {
        let ask = |path: &str| {
            not_found(
                Request::builder()
                    .uri(path)
                    .body("".into())
                    .expect("a request"),
            )
        };
        let (api, page) = (ask("/api/v1/nothing").await, ask("/nothing").await);
        assert_eq!(
            api.headers()[header::CONTENT_TYPE],
            "application/problem+json"
        );
        assert_eq!(
            page.headers()[header::CONTENT_TYPE],
            "text/html; charset=utf-8"
        );
        assert_eq!(
            (api.status(), page.status()),
            (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND)
        );
    }
}
