//! Error pages: the detail of the problem document, and the next step.

use askama::Template;
use axum::{
    extract::Request,
    http::Method,
    response::{Html, IntoResponse, Response},
};
use kernel::{Clock as _, Problem, ProblemKind};
use platform::{
    ActionError, SystemClock,
    db::DbError,
    web::{self, RequestId, WebError},
};

use crate::{
    format::{Instant, segment, tame},
    frame, layout,
    typed::{self, Typed, TypedText},
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
    /// A sentence on whether anything was changed, and the next step, where the detail does not say so.
    next: String,
    /// The URL of the sign-in page, which leads back to the form.
    sign_in: Option<String>,
    /// The text that was typed into the refused form.
    typed: String,
    when: Instant,
    status: u16,
    code: &'static str,
    request: &'a str,
}

/// Renders a problem of a request with `method` as a page, with what was typed into its form.
pub(crate) fn page(
    problem: &Problem,
    method: &Method,
    id: Option<&RequestId>,
    typed: &[TypedText],
) -> Response {
    let detail = tame(&problem.detail);
    let sentences = [kept(problem, method), next(problem), again(problem, method)];
    let next: Vec<&str> = sentences.into_iter().filter(|sentence| !sentence.is_empty()).collect();
    render(problem, id, (detail, next.join(" ")), None, typed)
}

/// Renders the refusal of a form that was submitted without a session; `from` is the path of the form's page, if the
/// browser states it. The sign-in page checks it.
pub(crate) fn sign_in_page(
    problem: &Problem,
    id: Option<&RequestId>,
    from: Option<&str>,
    typed: &[TypedText],
) -> Response {
    let detail = "Your session has ended, or you have not signed in. Nothing was changed.";
    let next = "To submit the form again as it is, sign in in a new tab, then reload this page.";
    let address = format!("/sign-in?return={}", segment(from.unwrap_or("/")));
    let words = (detail.to_owned(), next.to_owned());
    render(problem, id, words, Some(address), typed)
}

/// Renders an error page with its detail and its next step.
fn render(
    problem: &Problem,
    id: Option<&RequestId>,
    (detail, next): (String, String),
    sign_in: Option<String>,
    typed: &[TypedText],
) -> Response {
    let status = web::status(problem.kind);
    let page = ErrorPage {
        heading: heading(problem),
        detail,
        next,
        sign_in,
        typed: typed::part(typed),
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
    page(&error.into_problem(), request.method(), request.extensions().get::<RequestId>(), &[])
}

/// Renders an error that occurred before a page was reached, with what was typed into the form of the request.
pub async fn refused_page(request: Request, error: WebError) -> Response {
    let (method, id) = (request.method().clone(), request.extensions().get().cloned());
    let kept = Typed::keep(request).await;
    let typed = kept.map(|(_, typed)| typed.texts()).unwrap_or_default();
    page(&error.into_problem(), &method, id.as_ref(), &typed)
}

fn heading(problem: &Problem) -> &'static str {
    match problem.kind {
        ProblemKind::Malformed if problem.code.starts_with("SIGN_IN") => "You are not signed in",
        ProblemKind::Malformed if problem.code == "BAD_FORM" => "The form could not be submitted",
        ProblemKind::NotFound => "Not found",
        ProblemKind::Internal => "Something went wrong",
        ProblemKind::Overloaded if problem.code == "DATABASE_UNAVAILABLE" => {
            "The server is not available"
        }
        ProblemKind::Overloaded => "The server is busy",
        ProblemKind::TooManyRequests => "Too many requests",
        ProblemKind::Unauthenticated if problem.code == web::SIGN_IN_REQUIRED => {
            "Sign in to continue"
        }
        ProblemKind::Forbidden if problem.code == web::SECOND_FACTOR_REQUIRED => {
            "Second factor required"
        }
        ProblemKind::Unauthenticated | ProblemKind::Forbidden => "You don't have access",
        ProblemKind::Conflict | ProblemKind::Invalid => "This action could not be completed",
        _ => "Invalid request",
    }
}

/// Reassures the sender of a change, unless the detail does.
fn kept(problem: &Problem, method: &Method) -> &'static str {
    match problem.kind {
        ProblemKind::Internal => "",
        _ if method.is_safe() || problem.code == "DISK_FULL" => "",
        _ => "Nothing was changed.",
    }
}

fn next(problem: &Problem) -> &'static str {
    match problem.kind {
        // The detail itself says what to do.
        _ if problem.code == "BAD_FORM" || problem.code.starts_with("SIGN_IN") => "",
        ProblemKind::NotFound => {
            "To find a person or a project, go to the leaderboard or the list of projects."
        }
        ProblemKind::Internal => {
            "If the problem continues, send the request ID below to the administrator."
        }
        ProblemKind::Unauthenticated | ProblemKind::Forbidden => "You can still view public pages.",
        ProblemKind::Malformed | ProblemKind::MethodNotAllowed => {
            "Check the URL, or go to the leaderboard."
        }
        _ => "",
    }
}

/// Says how to submit a form again that the server had no time for: the browser still has it.
fn again(problem: &Problem, method: &Method) -> &'static str {
    match problem.kind {
        _ if method.is_safe() || problem.code == "DISK_FULL" => "",
        ProblemKind::Overloaded | ProblemKind::TooManyRequests => {
            "To submit the form again as it is, reload this page."
        }
        _ => "",
    }
}

/// Responds to a path that no route serves.
pub async fn not_found(request: Request) -> Response {
    let problem = if is_for_api(&request) {
        Problem::not_found(
            "This URL does not exist. See /api/v1/openapi.json for the URLs of the API.",
        )
    } else {
        web::not_found()
    };
    answer(request, problem).await
}

/// Responds to a method that a path does not support.
pub async fn method_not_allowed(request: Request) -> Response {
    answer(request, web::method_not_allowed()).await
}

fn is_for_api(request: &Request) -> bool {
    request.uri().path().starts_with("/api/")
}

/// Responds with a page, or with a problem document under `/api`.
async fn answer(request: Request, problem: Problem) -> Response {
    if is_for_api(&request) {
        return WebError::from(problem).into_response();
    }
    let (method, found) = (request.method(), request.extensions());
    let id = found.get::<RequestId>();
    frame::framed(found, async { page(&problem, method, id, &[]) }).await
}

#[cfg(test)]
mod tests {
    use axum::{
        body::to_bytes,
        http::{HeaderValue, StatusCode, header},
    };

    use super::*;

    async fn text(response: Response) -> String {
        let bytes = to_bytes(response.into_body(), 1 << 20).await.expect("a body");
        String::from_utf8(bytes.to_vec()).expect("text")
    }

    #[tokio::test]
    async fn the_detail_of_a_problem_is_shown_and_escaped() {
        let problem = Problem::not_found("No person has the login '<b>'.");
        let id = RequestId(HeaderValue::from_static("abc-12345"));
        let response = page(&problem, &Method::GET, Some(&id), &[]);
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert!(response.headers().contains_key(header::CONTENT_SECURITY_POLICY));
        let html = text(response).await;
        assert!(html.contains("No person has the login") && html.contains("abc-12345"));
        assert!(!html.contains("<b>'"), "{html}");
    }

    /// Returns the sentences after the detail, of a problem with this code.
    async fn sentences(kind: ProblemKind, code: &'static str, method: Method) -> String {
        let html = text(page(&Problem::new(kind, code, "Detail."), &method, None, &[])).await;
        let (_, rest) = html.split_once("<bdi>Detail.</bdi></p>").expect("a detail");
        let (next, _) = rest.split_once("</div>").expect("an end");
        next.trim().to_owned()
    }

    #[tokio::test]
    async fn the_next_step_does_not_repeat_the_detail() {
        use ProblemKind::{Conflict, Forbidden, Internal, Overloaded};
        let nothing = r#"<p class="prose">Nothing was changed.</p>"#;
        let again = r#"<p class="prose">Nothing was changed. To submit the form again as it is, reload this page.</p>"#;
        let public = r#"<p class="prose">You can still view public pages.</p>"#;
        let send = r#"<p class="prose">If the problem continues, send the request ID below to the administrator.</p>"#;
        for (kind, code, method, expected) in [
            (Conflict, "LAST_MAINTAINER", Method::POST, nothing),
            (Overloaded, "DISK_FULL", Method::POST, ""),
            (Overloaded, "TOO_BUSY", Method::GET, ""),
            (Overloaded, "TOO_BUSY", Method::POST, again),
            (Forbidden, "ROLE_REQUIRED", Method::GET, public),
            (ProblemKind::NotFound, "SIGN_IN_NOT_SET_UP", Method::GET, ""),
            (Internal, "INTERNAL", Method::POST, send),
        ] {
            assert_eq!(sentences(kind, code, method).await, expected, "{code}");
        }
    }

    #[tokio::test]
    async fn api_paths_get_problem_documents() {
        let ask = |path: &str| {
            not_found(Request::builder().uri(path).body("".into()).expect("a request"))
        };
        let (api, page) = (ask("/api/v1/nothing").await, ask("/nothing").await);
        assert_eq!(api.headers()[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(page.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
        assert_eq!((api.status(), page.status()), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    }
}
