//! Error pages: the detail of the problem document, and the next step.

mod refused;
mod ways;
mod words;

use std::borrow::Cow;

use askama::Template;
use axum::{
    extract::Request,
    response::{Html, IntoResponse, Response},
};
use chrono::TimeDelta;
use kernel::{Clock as _, Problem, ProblemKind, Timestamp};
use platform::{
    ActionError, SystemClock,
    config::PublicContact,
    db::DbError,
    web::{self, WebError},
};

use self::ways::WayOn;
use crate::{
    Community, around,
    format::{Instant, tame},
    frame, layout,
    typed::{self, Typed, TypedText},
};

pub(crate) use self::refused::Refused;
#[cfg(test)]
pub(crate) use self::words::search_words;

/// The number of seconds that a person waits for on the page; longer waits state the time.
const A_WHILE: u32 = 60;

/// The number of characters of a request ID that are read out or typed.
const SHORT_ID: usize = 8;

/// The path of the page that says how to reach the people who run the server, if there is one.
const CONTACT: &str = "/contact";

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
    heading: Cow<'static, str>,
    /// The way down to the page: the entry of the header above it, and the name of the page; empty without an entry above it.
    crumbs: Option<(WayOn, String)>,
    detail: String,
    /// A sentence on whether anything was changed; may be empty.
    kept: &'static str,
    /// The next step, where neither the detail nor a way says it; may be empty.
    next: &'static str,
    /// The words to search for, if the page was not found.
    search: Option<String>,
    /// The ways on; the first is the primary action.
    ways: Vec<WayOn>,
    /// The time from which the request may be made again, if it is not within seconds.
    again: Option<Instant>,
    /// The text that was typed into the refused form.
    typed: String,
    /// The side list of the pages around the refused one; may be empty.
    side: String,
    community: Community,
    when: Instant,
    /// The path, as a person can read it.
    path: String,
    /// The detail as programs get it; empty if the page says the same.
    message: String,
    status: u16,
    code: &'static str,
    request: &'a str,
    /// The way to write to an admin, where no contact is configured.
    contact_page: Option<&'static str>,
    /// True if there is more to say than that no such page exists.
    has_details: bool,
}

impl ErrorPage<'_> {
    /// Returns the end of the request ID, which is enough to find it: those of the same minute begin alike.
    fn short_request(&self) -> &str {
        let from = self.request.len().saturating_sub(SHORT_ID);
        self.request.get(from..).unwrap_or(self.request)
    }

    fn contact(&self) -> Option<&PublicContact> {
        self.community.contact_for(self.status)
    }
}

/// Renders a problem of a request as a page, with what was typed into its form.
pub(crate) fn page(problem: &Problem, refused: &Refused, typed: &[TypedText]) -> Response {
    let next = words::next(problem, refused);
    render(problem, refused, words::detail(problem, refused), next, typed)
}

/// Renders the refusal of a form that was submitted without a session. The sign-in page checks where it leads back.
pub(crate) fn sign_in_page(problem: &Problem, refused: &Refused, typed: &[TypedText]) -> Response {
    let detail = "Your session has ended, or you have not signed in.".to_owned();
    let next = "To submit the form again as it is, sign in in a new tab, then reload this page.";
    render(problem, refused, detail, next, typed)
}

/// Renders an error page with its detail and its next step.
fn render(
    problem: &Problem,
    refused: &Refused,
    detail: String,
    next: &'static str,
    typed: &[TypedText],
) -> Response {
    let (status, now) = (web::status(problem.kind), SystemClock.now());
    let is_missing = problem.kind == ProblemKind::NotFound && !refused.is_form();
    let message = tame(&problem.detail);
    let side = side(refused.uri.path());
    let is_findable = is_missing && problem.code != words::DEAD_INVITATION;
    let search = is_findable.then(|| words::search_words(refused.uri.path())).flatten();
    let named = search.clone().unwrap_or_else(|| "This page".to_owned());
    let above = WayOn::above(refused).filter(|_| side.is_empty());
    let page = ErrorPage {
        crumbs: above.map(|above| (above, named)),
        heading: words::heading(problem, refused),
        message: if message == detail { String::new() } else { message },
        detail,
        kept: words::kept(problem, refused),
        next,
        search,
        ways: ways::ways(problem, refused),
        again: again(problem, now),
        typed: typed::part(typed),
        side,
        community: frame::community(),
        when: Instant(now),
        path: tame(refused.uri.path()),
        status: status.as_u16(),
        code: problem.code,
        request: refused.id(),
        contact_page: contact_page(),
        has_details: !is_missing || problem.detail != web::not_found().detail,
    };
    let html = layout::html(&page).unwrap_or_else(|error| {
        tracing::error!(?error, "cannot render the error page");
        String::new()
    });
    let mut response = (status, Html(html)).into_response();
    layout::put_headers(response.headers_mut());
    web::put_retry_after(response.headers_mut(), problem);
    response
}

/// Returns the page of the footer that says how to reach the people who run the server.
fn contact_page() -> Option<&'static str> {
    let links = frame::footer_links().into_iter();
    links.map(|link| link.address).find(|address| *address == CONTACT)
}

/// Renders the list of the pages around a path that the viewer may open; empty if there is none.
fn side(path: &str) -> String {
    let is_under = |root| {
        path.strip_prefix(root).is_some_and(|rest: &str| rest.is_empty() || rest.starts_with('/'))
    };
    let side = if is_under("/admin") && !frame::admin_links().is_empty() {
        layout::html(&around::admin_side())
    } else if is_under("/settings") && frame::reader().is_some() {
        layout::html(&around::settings_side())
    } else {
        return String::new();
    };
    // Rendering into memory does not fail.
    side.unwrap_or_default()
}

/// Returns when a request may be made again that was one too many; `None` if a person would wait for it here.
fn again(problem: &Problem, now: Timestamp) -> Option<Instant> {
    let seconds = problem.retry_after.filter(|seconds| *seconds > A_WHILE)?;
    let is_limit = problem.kind == ProblemKind::TooManyRequests;
    let at = now.checked_add_signed(TimeDelta::seconds(seconds.into()))?;
    is_limit.then_some(Instant(at))
}

/// Renders an error that occurred before any page was reached, without loading the viewer.
#[must_use]
pub fn problem_page(request: &Request, error: WebError) -> Response {
    let (problem, refused) = (error.into_problem(), Refused::of(request));
    frame::framed_now(request.extensions(), || page(&problem, &refused, &[]))
}

/// Renders an error that occurred before a page was reached, with what was typed into the form of the request.
pub async fn refused_page(request: Request, error: WebError) -> Response {
    let (refused, found) = (Refused::of(&request), request.extensions().clone());
    let kept = Typed::keep(request).await;
    let typed = kept.map(|(_, typed)| typed.texts()).unwrap_or_default();
    frame::framed_now(&found, || page(&error.into_problem(), &refused, &typed))
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
async fn answer(mut request: Request, problem: Problem) -> Response {
    if is_for_api(&request) {
        return WebError::from(problem).into_response();
    }
    let path = request.uri().path().to_owned();
    request.extensions_mut().insert(frame::Unrouted(path));
    refused_page(request, problem.into()).await
}

#[cfg(test)]
mod tests {
    use axum::{
        body::to_bytes,
        http::{Method, StatusCode, header},
    };

    use super::{refused::tests::refused, *};

    async fn text(response: Response) -> String {
        let bytes = to_bytes(response.into_body(), 1 << 20).await.expect("a body");
        String::from_utf8(bytes.to_vec()).expect("text")
    }

    #[tokio::test]
    async fn the_detail_of_a_problem_is_shown_and_escaped() {
        let problem = Problem::not_found("No person has the login '<b>'.");
        let response = page(&problem, &refused(Method::GET, "/people/b", "/"), &[]);
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert!(response.headers().contains_key(header::CONTENT_SECURITY_POLICY));
        let html = text(response).await;
        assert!(html.contains("No person has the login") && html.contains("<code>bc-12345</code>"));
        assert!(!html.contains("<b>'"), "{html}");
    }

    #[tokio::test]
    async fn a_page_that_does_not_exist_has_no_details() {
        for (problem, has_details) in [
            (web::not_found(), false),
            (Problem::not_found("Unknown login 'b'."), true),
            (Problem::new(ProblemKind::Internal, "CODE", "Detail."), true),
        ] {
            let html = text(page(&problem, &refused(Method::GET, "/people/b", "/"), &[])).await;
            assert_eq!(html.contains("<code>abc-12345</code>"), has_details, "{problem:?}");
            assert_eq!(html.contains("<summary>Details</summary>"), has_details, "{problem:?}");
        }
    }

    /// Returns the sentences after the detail, of a problem with this code.
    async fn sentences(kind: ProblemKind, code: &'static str, method: Method) -> String {
        let refused = refused(method, "/here", "/from");
        let html = text(page(&Problem::new(kind, code, "Detail."), &refused, &[])).await;
        let (_, rest) = html.split_once("<bdi>Detail.</bdi></p>").expect("a detail");
        let (next, _) = rest.split_once("<p class=\"row\">").expect("the ways");
        let tags = ["</div>", "<p class=\"kept\">", "<p>", "</p>"];
        let next = tags.iter().fold(next.to_owned(), |text, tag| text.replace(tag, " "));
        next.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[tokio::test]
    async fn the_next_step_does_not_repeat_the_detail() {
        use ProblemKind::{Conflict, Forbidden, Internal, Overloaded};
        let maybe = "The change may have been made: check before you submit the form again. \
             To submit the form again as it is, reload this page.";
        let again = "Nothing was changed. To submit the form again as it is, reload this page.";
        for (kind, code, method, expected) in [
            (Conflict, "LAST_MAINTAINER", Method::POST, "Nothing was changed."),
            (Overloaded, "TOO_BUSY", Method::GET, ""),
            (Overloaded, "TOO_BUSY", Method::POST, again),
            (Overloaded, "TOO_SLOW", Method::POST, maybe),
            (Forbidden, "ROLE_REQUIRED", Method::GET, "You can still view public pages."),
            (ProblemKind::NotFound, "SIGN_IN_NOT_SET_UP", Method::POST, "Nothing was changed."),
            (Internal, "INTERNAL", Method::POST, ""),
        ] {
            assert_eq!(sentences(kind, code, method).await, expected, "{code}");
        }
    }

    #[tokio::test]
    async fn one_action_is_primary() {
        use ProblemKind as Kind;
        for (kind, method) in [
            (Kind::Forbidden, Method::GET),
            (Kind::NotFound, Method::GET),
            (Kind::MethodNotAllowed, Method::POST),
            (Kind::Conflict, Method::POST),
            (Kind::TooLarge, Method::POST),
            (Kind::Invalid, Method::POST),
            (Kind::TooManyRequests, Method::GET),
            (Kind::Overloaded, Method::GET),
            (Kind::Internal, Method::GET),
        ] {
            let refused = refused(method, "/hackathons/low-tide", "/hackathons");
            let html = text(page(&Problem::new(kind, "CODE", "Detail."), &refused, &[])).await;
            assert_eq!(html.matches("btn primary").count(), 1, "{kind:?}: {html}");
            assert!(!html.contains("/leaderboards"), "{kind:?}: {html}");
            assert!(html.contains("href=\"/hackathons\""), "{kind:?}: {html}");
        }
    }

    #[tokio::test]
    async fn long_waits_state_the_time() {
        let problem = Problem::new(ProblemKind::TooManyRequests, "TOO_MANY_EMAILS", "Detail.");
        for (seconds, is_stated) in [(5, false), (3600, true), (u32::MAX, true)] {
            let problem = problem.clone().after(seconds);
            let html = text(page(&problem, &refused(Method::POST, "/a", "/b"), &[])).await;
            assert_eq!(html.contains("You can try again after <time"), is_stated, "{seconds}");
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
