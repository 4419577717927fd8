//! Cross-origin requests: other sites can read nothing unless they are allowed, and then only public data, anonymously.

use reqwest::{Method, Response};

use crate::app::{TestApp, client};

const NAMED: &str = "https://board.example";
const PUBLIC: &str = "/api/v1/leaderboards/global";

async fn open() -> TestApp {
    TestApp::with(|config| {
        config.cors_origins = vec![NAMED.to_owned(), "https://other.example:8443".to_owned()];
    })
    .await
}

async fn ask(app: &TestApp, method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = client().request(method, format!("{}{path}", app.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.expect("an answer")
}

fn header<'a>(answer: &'a Response, name: &str) -> Option<&'a str> {
    let value = answer.headers().get(name)?;
    value.to_str().ok()
}

fn allowed(answer: &Response) -> Option<&str> {
    assert_eq!(header(answer, "access-control-allow-credentials"), None);
    header(answer, "access-control-allow-origin")
}

fn varies(answer: &Response) -> bool {
    let mut vary = answer.headers().get_all("vary").iter();
    vary.any(|value| value == "Origin")
}

fn preflight<'a>(origin: &'a str, method: &'a str) -> [(&'a str, &'a str); 3] {
    [
        ("origin", origin),
        ("access-control-request-method", method),
        ("access-control-request-headers", "if-none-match"),
    ]
}

#[tokio::test]
async fn no_site_is_allowed_by_default() {
    let app = TestApp::start().await;
    let answer = ask(&app, Method::GET, PUBLIC, &[("origin", NAMED)]).await;
    assert_eq!((answer.status().as_u16(), allowed(&answer)), (200, None));
    assert!(!varies(&answer));
    let answer = ask(&app, Method::OPTIONS, PUBLIC, &preflight(NAMED, "GET")).await;
    assert_eq!((answer.status().as_u16(), allowed(&answer)), (405, None));
    app.finish().await;
}

#[tokio::test]
async fn an_allowed_site_reads_public_data() {
    let app = open().await;
    // The second answer comes from the cache, and its headers are computed again.
    for origin in [NAMED, "https://other.example:8443", NAMED] {
        let answer = ask(&app, Method::GET, PUBLIC, &[("origin", origin)]).await;
        assert_eq!((answer.status().as_u16(), allowed(&answer)), (200, Some(origin)));
        assert!(varies(&answer));
        let exposed = header(&answer, "access-control-expose-headers");
        assert!(exposed.is_some_and(|names| names.contains("etag")));
        let etag = header(&answer, "etag").expect("an ETag");
        let again = [("origin", origin), ("if-none-match", etag)];
        let again = ask(&app, Method::GET, PUBLIC, &again).await;
        assert_eq!((again.status().as_u16(), allowed(&again)), (304, Some(origin)));
    }
    let answer = ask(&app, Method::GET, PUBLIC, &[]).await;
    assert_eq!(allowed(&answer), None);
    assert!(varies(&answer), "a shared cache must not give it to other origins");
    app.finish().await;
}

#[tokio::test]
async fn preflight_requests_are_answered() {
    let app = open().await;
    let answer = ask(&app, Method::OPTIONS, PUBLIC, &preflight(NAMED, "GET")).await;
    assert_eq!((answer.status().as_u16(), allowed(&answer)), (204, Some(NAMED)));
    for (name, value) in [
        ("access-control-allow-methods", "GET, HEAD"),
        ("access-control-allow-headers", "if-none-match"),
        ("access-control-max-age", "600"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(header(&answer, name), Some(value));
    }
    app.finish().await;
}

#[tokio::test]
async fn other_origins_methods_and_headers_are_refused() {
    let app = open().await;
    for origin in [
        "https://evil.example",
        "http://board.example",
        "https://board.example.evil.example",
        "https://board.example:8443",
        "https://sub.board.example",
        "null",
        "*",
    ] {
        let answer = ask(&app, Method::GET, PUBLIC, &[("origin", origin)]).await;
        assert_eq!((allowed(&answer), varies(&answer)), (None, true), "{origin}");
        let answer = ask(&app, Method::OPTIONS, PUBLIC, &preflight(origin, "GET")).await;
        assert_eq!((answer.status().as_u16(), allowed(&answer)), (405, None), "{origin}");
    }
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        let answer = ask(&app, Method::OPTIONS, PUBLIC, &preflight(NAMED, method)).await;
        assert_eq!((answer.status().as_u16(), allowed(&answer)), (405, None), "{method}");
    }
    app.finish().await;
}

#[tokio::test]
async fn private_data_stays_closed() {
    let app = open().await;
    for path in [
        "/",
        "/leaderboards",
        "/api/v1/me",
        "/api/v1/me/sessions",
        "/api/v1/admin/people",
        "/api/health",
        "/metrics",
        "/api/v1/nothing",
    ] {
        let answer = ask(&app, Method::GET, path, &[("origin", NAMED)]).await;
        assert_eq!(allowed(&answer), None, "{path}");
        let answer = ask(&app, Method::OPTIONS, path, &preflight(NAMED, "GET")).await;
        assert_eq!(allowed(&answer), None, "{path}");
        assert_ne!(answer.status(), 204, "{path}");
    }
    app.finish().await;
}
