//! Error pages: the detail of the problem document, and the next step.

use askama::Template;
use axum::{
    extract::Request,
    response::{Html, IntoResponse, Response},
};
use kernel::{Clock as _, Problem, ProblemKind};
use platform::{
    ActionError, SystemClock,
    db::DbError,
    web::{self, RequestId, WebError},
};

use crate::{
    format::{Instant, tame},
    frame, layout,
};

/// An error of a page's handler, rendered as a page.
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

impl From<ActionError> for PageError {
    fn from(error: ActionError) -> Self {
        Self(error.into())
    }
}

impl From<DbError> for PageError {
    fn from(error: DbError) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for PageError {
    /// Leaves rendering to [`layout::dress`], which knows the request id.
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    heading: &'static str,
    detail: String,
    /// A sentence on whether anything was changed.
    kept: &'static str,
    /// The next step.
    next: &'static str,
    when: Instant,
    status: u16,
    code: &'static str,
    request: &'a str,
}

/// Renders a problem as a page.
pub(crate) fn page(problem: &Problem, id: Option<&RequestId>) -> Response {
    let status = web::status(problem.kind);
    let page = ErrorPage {
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
        tracing::error!(%error, "cannot render the error page");
        String::new()
    });
    let mut response = (status, Html(html)).into_response();
    layout::put_headers(response.headers_mut());
    web::put_retry_after(response.headers_mut(), problem);
    response
}

/// Renders an error that occurred before any page was reached, without loading the viewer.
#[must_use]
pub fn problem_page(request: &Request, error: WebError) -> Response {
    page(
        &error.into_problem(),
        request.extensions().get::<RequestId>(),
    )
}

fn heading(problem: &Problem) -> &'static str {
    match problem.kind {
        ProblemKind::Malformed if problem.code.starts_with("SIGN_IN") => "You are not signed in",
        ProblemKind::Malformed if problem.code == "BAD_FORM" => "The form could not be submitted",
        ProblemKind::NotFound => "Not found",
        ProblemKind::Internal => "Something went wrong",
        ProblemKind::Overloaded => "The server is busy",
        ProblemKind::TooManyRequests => "Too many requests",
        ProblemKind::Unauthenticated | ProblemKind::Forbidden => "You don't have access",
        ProblemKind::Conflict => "This conflicts with a newer change",
        ProblemKind::Invalid => "This could not be saved",
        _ => "Invalid request",
    }
}

fn kept(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Internal => "No stored data was lost.",
        _ => "Nothing was changed.",
    }
}

fn next(problem: &Problem) -> &'static str {
    match problem.kind {
        // The detail itself says what to do.
        ProblemKind::Malformed if matches!(problem.code, "BAD_FORM" | "SIGN_IN_USED") => "",
        ProblemKind::Malformed if problem.code.starts_with("SIGN_IN") => "",
        ProblemKind::NotFound => {
            "To find a person or a project, go to the leaderboard or the list of projects."
        }
        ProblemKind::Internal => {
            "Reload the page. If the problem continues, send the request ID below to the administrator."
        }
        ProblemKind::Overloaded | ProblemKind::TooManyRequests => "Try again in a moment.",
        ProblemKind::Unauthenticated | ProblemKind::Forbidden => "You can still view public pages.",
        _ => "Check the URL, or go to the leaderboard.",
    }
}

/// Responds to a path that no route serves.
pub async fn not_found(request: Request) -> Response {
    answer(request, web::not_found()).await
}

/// Responds to a method that a path does not support.
pub async fn method_not_allowed(request: Request) -> Response {
    answer(request, web::method_not_allowed()).await
}

/// Responds with a page, or with a problem document under `/api`.
async fn answer(request: Request, problem: Problem) -> Response {
    if request.uri().path().starts_with("/api/") {
        return WebError::from(problem).into_response();
    }
    let id = request.extensions().get::<RequestId>();
    frame::framed(request.extensions(), None, async { page(&problem, id) }).await
}

#[cfg(test)]
mod tests {
    use axum::{
        body::to_bytes,
        http::{HeaderValue, StatusCode, header},
    };

    use super::*;

    async fn text(response: Response) -> String {
        let bytes = to_bytes(response.into_body(), 1 << 20)
            .await
            .expect("a body");
        String::from_utf8(bytes.to_vec()).expect("text")
    }

    #[tokio::test]
    async fn the_detail_of_a_problem_is_shown_and_escaped() {
        let problem = Problem::not_found("No person has the login '<b>'.");
        let id = RequestId(HeaderValue::from_static("abc-12345"));
        let response = page(&problem, Some(&id));
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert!(
            response
                .headers()
                .contains_key(header::CONTENT_SECURITY_POLICY)
        );
        let html = text(response).await;
        assert!(html.contains("No person has the login") && html.contains("abc-12345"));
        assert!(!html.contains("<b>'"), "{html}");
    }

    #[tokio::test]
    async fn api_paths_get_problem_documents() {
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
