//! Rendering of pages, and their response headers.

use std::time::Duration;

use askama::Template;
use axum::{
    Router,
    extract::Request,
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, Uri, header},
    response::{Html, IntoResponse as _, Redirect, Response},
    routing::get,
};
use kernel::Problem;
use platform::web::{self, Asked, Next, SECOND_FACTOR_REQUIRED, SIGN_IN_REQUIRED, Stack, WebError};

use crate::{
    assets, drawn,
    error::{self, PageError, Refused},
    format::{segment, turns_text},
    frame, manifest, preview,
    typed::Typed,
};

/// The response of a page's handler.
pub type PageResult = Result<Html<String>, PageError>;

/// The dot that says on a closed menu that work waits: a slot in pages cached for everyone.
#[derive(Template)]
#[template(path = "own_dot.html")]
struct OwnDot;

/// The entry of the header for the viewer's work: a slot in pages cached for everyone.
#[derive(Template)]
#[template(path = "own_work.html")]
struct OwnWork;

/// The viewer's menu, or the link to sign in: a slot in pages cached for everyone.
#[derive(Template)]
#[template(path = "own_account.html")]
struct OwnAccount;

/// The banner of a demo that loads, and the message after the viewer's last action: a slot in pages cached for everyone.
#[derive(Template)]
#[template(path = "notice.html")]
struct OwnNotice;

/// Renders the slots of a page cached for everyone, in the order of the layout.
#[must_use]
pub fn slots(found: &Extensions) -> Vec<String> {
    // Rendering into memory does not fail.
    let render = || {
        let parts = [OwnDot.render(), OwnWork.render(), OwnAccount.render(), OwnNotice.render()];
        let theme = frame::own_theme().to_owned();
        [theme].into_iter().chain(parts.map(Result::unwrap_or_default)).collect()
    };
    frame::framed_now(found, render)
}

/// Renders a page.
///
/// # Errors
/// When the template fails.
pub fn show(page: &impl Template) -> PageResult {
    Ok(Html(html(page)?))
}

/// Renders a part of a page, without the characters by which people's texts could reverse what is shown.
///
/// # Errors
/// When the template fails.
pub fn html(part: &impl Template) -> Result<String, WebError> {
    let rendered = part.render();
    let mut html = rendered.map_err(|error| WebError::Failed(Box::new(error)))?;
    // In UTF-8, all of them begin with this byte: a page without it is not searched character by character.
    if html.as_bytes().contains(&0xe2) {
        html.retain(|c| !turns_text(c));
    }
    Ok(html)
}

/// Allows only our own stylesheet, scripts, images and form targets, and forbids framing.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'; script-src 'self'; connect-src 'self'; manifest-src 'self'";

const HEADERS: [(HeaderName, &str); 2] =
    [(header::CONTENT_SECURITY_POLICY, POLICY), (header::CACHE_CONTROL, "no-cache")];

/// Returns a page whose forms may lead to another site, too, such as `https://github.com`.
#[must_use]
pub fn leading_to(page: Html<String>, site: &str) -> Response {
    let policy = POLICY.replace("form-action 'self'", &format!("form-action 'self' {site}"));
    let mut response = page.into_response();
    if let Ok(policy) = HeaderValue::try_from(policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Adds the headers of pages that a handler has not set.
pub(crate) fn put_headers(headers: &mut HeaderMap) {
    for (name, value) in HEADERS {
        let value = HeaderValue::from_static(value);
        headers.entry(name).or_insert(value);
    }
}

/// Makes every response of `pages` a page, even if a handler panics or takes longer than `limit`: a problem
/// becomes an error page, and viewers who must sign in first are redirected to sign in and back, or led there if they
/// submitted a form. Those who must prove a second factor first are redirected likewise. A page that refuses a form shows
/// all texts that were typed into it.
pub fn dress<S: Clone + Send + Sync + 'static>(pages: Router<S>, limit: Duration) -> Router<S> {
    let dressed = Stack::default().with(dressed);
    dressed.around(web::guard(pages, limit))
}

/// Returns the routes of the static files.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/assets/{file}", get(assets::asset))
        .route("/manifest.webmanifest", get(manifest::manifest))
        .route("/service-worker.js", get(assets::service_worker))
        .route("/pictures/drawn/{version}/{kind}/{file}", get(drawn::picture))
        .route("/previews/{file}", get(preview::picture))
}

async fn dressed(request: Request, next: Next) -> Response {
    let mut found = request.extensions().clone();
    if request.method() == Method::GET && found.get::<Asked>().is_none() {
        found.insert(Asked(request.uri().clone()));
    }
    frame::framed(&found, answered(request, next)).await
}

async fn answered(request: Request, next: Next) -> Response {
    let refused = Refused::of(&request);
    let (request, typed) = match Typed::keep(request).await {
        Ok(kept) => kept,
        Err(problem) => return error::page(&problem, &refused, &[]),
    };
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        put_headers(response.headers_mut());
        return typed.complete(response).await;
    };
    let typed = typed.texts();
    let is_get = refused.method == Method::GET;
    let mut page = match problem.code {
        SIGN_IN_REQUIRED if is_get => first("/sign-in?return=", &refused.uri),
        SECOND_FACTOR_REQUIRED if is_get => {
            first("/sign-in/second-factor?return_to=", &refused.uri)
        }
        SIGN_IN_REQUIRED => error::sign_in_page(&problem, &refused, &typed),
        _ => error::page(&problem, &refused, &typed),
    };
    // An error may clear a cookie.
    for cookie in response.headers().get_all(header::SET_COOKIE) {
        page.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    page
}

/// Redirects to a page that leads back to the path of `asked`, which it gets as its last parameter.
fn first(page: &str, asked: &Uri) -> Response {
    let path = asked.path_and_query().map_or("/", |path| path.as_str());
    let mut response = Redirect::to(&format!("{page}{}", segment(path))).into_response();
    put_headers(response.headers_mut());
    response
}

#[cfg(test)]
mod tests {
    use axum::{http::StatusCode, response::Html};

    use super::*;

    /// Serves a page with a header of its own, one that panics and one that never finishes.
    fn broken() -> Router {
        async fn panics() -> Html<String> {
            panic!("the cause")
        }
        async fn card() -> Response {
            ([(header::CACHE_CONTROL, "no-store")], "").into_response()
        }
        let pages = Router::new()
            .route("/card", get(card))
            .route("/panics", get(panics))
            .route("/hangs", get(std::future::pending::<Html<String>>));
        let observed = Stack::default().with_state(web::Observation::default(), web::observe);
        observed.around(dress(pages, Duration::from_millis(50)))
    }

    #[test]
    fn texts_of_people_do_not_turn_a_page() {
        #[derive(Template)]
        #[template(source = "<p>{{ text }}</p>", ext = "html")]
        struct Said {
            text: &'static str,
        }
        let text = "a\u{202e}b\u{2066}c\u{2069} \u{200f}שלום";
        let html = html(&Said { text }).expect("rendered");
        assert_eq!(html, "<p>abc \u{200f}שלום</p>");
    }

    #[test]
    fn a_page_can_lead_to_one_other_site() {
        let page = leading_to(Html(String::new()), "https://github.com");
        let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.contains("; form-action 'self' https://github.com; "), "{policy}");
        assert_eq!(policy.replace(" https://github.com", ""), POLICY);
    }

    async fn serve() -> (reqwest::Client, String) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async { axum::serve(listener, broken()).await });
        rustls::crypto::ring::default_provider().install_default().ok();
        let client = reqwest::Client::builder().no_proxy().build();
        (client.expect("a client"), url)
    }

    #[tokio::test]
    async fn a_handler_can_set_the_headers_of_its_page() {
        let (client, url) = serve().await;
        let answer = client.get(format!("{url}/card")).send().await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert_eq!(answer.headers()["content-security-policy"], POLICY);
    }

    #[tokio::test]
    async fn a_failing_handler_responds_with_a_page() {
        let (client, url) = serve().await;
        for (path, status, code) in [
            ("/panics", StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL"),
            ("/hangs", StatusCode::SERVICE_UNAVAILABLE, "TOO_SLOW"),
        ] {
            let answer = client.get(format!("{url}{path}")).send().await;
            let answer = answer.expect("an answer");
            assert_eq!(answer.status(), status, "{path}");
            let header = |name| answer.headers()[name].to_str().expect("text").to_owned();
            assert_eq!(header("content-type"), "text/html; charset=utf-8", "{path}");
            assert!(header("content-security-policy").starts_with("default-src 'none'"));
            let id = format!("<code>{}</code>", header("x-request-id"));
            let html = answer.text().await.expect("HTML");
            assert!(html.contains(&id) && html.contains(code), "{html}");
            assert!(!html.contains("the cause"), "{html}");
        }
    }
}
