use std::{pin::pin, time::Duration};

use reqwest::{Response, StatusCode, header};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::app::{TestApp, skip};

/// Starts a server that allows three requests a minute and trusts a proxy on this machine.
async fn strict() -> TestApp {
    TestApp::with(|config| {
        config.requests_per_minute = 3;
        config.exempt_networks.clear();
        config.trusted_proxies = vec!["127.0.0.1".parse().expect("a network")];
    })
    .await
}

/// Sends a request through the proxy, from this client address.
async fn ask(app: &TestApp, path: &str, from: &str) -> Response {
    let request = app.get(path).header("x-forwarded-for", from);
    request.send().await.expect("an answer")
}

fn said<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers()[name].to_str().expect("text")
}

#[tokio::test]
async fn too_many_requests_are_refused_with_the_time_to_wait() {
    let app = strict().await;
    for left in 0..3 {
        let answer = ask(&app, "/api/v1/projects", "203.0.113.9").await;
        assert_eq!(answer.status(), StatusCode::OK);
        let limit = said(&answer, "ratelimit");
        let begins = format!("\"requests\";r={};t=", 2 - left);
        assert!(limit.starts_with(&begins), "{limit}");
        let policy = said(&answer, "ratelimit-policy");
        assert_eq!(policy, "\"requests\";q=3;w=60");
    }
    let refused = ask(&app, "/api/v1/projects", "203.0.113.9").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = said(&refused, "retry-after").parse().expect("seconds");
    assert!((1..=20).contains(&wait), "{wait}");
    let problem: serde_json::Value = refused.json().await.expect("a problem");
    assert_eq!(problem["code"], "TOO_MANY_REQUESTS");
    let other = ask(&app, "/projects", "203.0.113.10").await;
    let others = "others are not counted with them";
    assert_eq!(other.status(), StatusCode::OK, "{others}");
    app.finish().await;
}

#[tokio::test]
async fn pages_are_limited_as_well_and_keep_their_headers() {
    let app = strict().await;
    for _ in 0..3 {
        ask(&app, "/projects", "203.0.113.9").await;
    }
    let page = ask(&app, "/projects", "203.0.113.9").await;
    assert_eq!(page.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(page.headers().contains_key(header::RETRY_AFTER));
    assert_eq!(said(&page, "x-frame-options"), "DENY");
    let html = page.text().await.expect("HTML");
    assert!(html.contains("<code>TOO_MANY_REQUESTS</code>"), "{html}");
    app.finish().await;
}

#[tokio::test]
async fn sign_in_has_its_own_limit() {
    let app = strict().await;
    for (path, name) in [
        ("/sign-in", "requests"),
        ("/sign-in/github", "requests"),
        ("/sign-in/github/callback", "sign-ins"),
        ("/sign-in/demo", "sign-ins"),
        ("/sign-in/email", "sign-ins"),
        ("/sign-in/email/x", "sign-ins"),
        ("/api/v1/auth/refresh", "sign-ins"),
    ] {
        let answer = ask(&app, path, "203.0.113.9").await;
        let policy = said(&answer, "ratelimit-policy");
        assert!(policy.starts_with(&format!("\"{name}\";")), "{path}: {policy}");
    }
    app.finish().await;
}

#[tokio::test]
async fn forwarded_addresses_of_untrusted_clients_are_ignored() {
    let app = TestApp::with(|config| {
        config.requests_per_minute = 1;
        config.exempt_networks.clear();
    })
    .await;
    let first = ask(&app, "/projects", "203.0.113.1").await;
    let second = ask(&app, "/projects", "203.0.113.2").await;
    assert_eq!((first.status(), second.status()), (StatusCode::OK, StatusCode::TOO_MANY_REQUESTS));
    app.finish().await;
}

#[tokio::test]
async fn health_checks_and_webhooks_are_not_limited() {
    let app = strict().await;
    for _ in 0..5 {
        let ready = app.get("/readyz").send().await.expect("an answer");
        assert_eq!(ready.status(), StatusCode::OK);
        let delivery = app.post("/api/v1/webhooks/github").send().await;
        let status = delivery.expect("an answer").status();
        assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    app.finish().await;
}

#[tokio::test]
async fn oversized_requests_are_refused_with_the_reason() {
    let app = TestApp::start().await;
    let path = format!("/api/v1/projects?cursor={}", "x".repeat(5_000));
    app.refuses(&path, 414, "URL_TOO_LONG", "at most 4096 bytes").await;
    let page = app.get(&path.replace("/api/v1", "")).send().await.expect("an answer");
    assert_eq!(page.status(), StatusCode::URI_TOO_LONG);
    assert!(page.text().await.expect("HTML").contains("URL_TOO_LONG"));
    let heavy = app.get("/api/v1/projects").header("x-heavy", "x".repeat(20_000));
    let heavy = heavy.send().await.expect("an answer");
    assert_eq!(heavy.status(), StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    let problem: serde_json::Value = heavy.json().await.expect("a problem");
    assert_eq!(problem["code"], "HEADERS_TOO_LARGE");
    app.finish().await;
}

#[tokio::test]
async fn unsupported_methods_are_refused_with_the_supported_ones() {
    let app = TestApp::start().await;
    let api = app.post("/api/v1/leaderboards/global").send().await.expect("an answer");
    assert_eq!(api.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(api.headers()[header::ALLOW], "GET,HEAD");
    let problem: serde_json::Value = api.json().await.expect("a problem");
    assert_eq!(problem["code"], "METHOD_NOT_ALLOWED");
    let page = app.post("/projects").send().await.expect("an answer");
    assert_eq!(page.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(page.headers()[header::ALLOW], "GET,HEAD");
    assert!(page.text().await.expect("HTML").contains("METHOD_NOT_ALLOWED"));
    app.finish().await;
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_given_up() {
    let app = TestApp::start().await;
    let address = app.url.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
    let head = format!(
        "POST /api/v1/webhooks/github HTTP/1.1\r\nHost: hall\r\nContent-Type: application/json\r\n\
         X-Hub-Signature-256: sha256={}\r\nContent-Length: 100\r\n\r\n{{",
        "0".repeat(64)
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    let mut answer = vec![0; 4096];
    let mut read = pin!(stream.read(&mut answer));
    let mut length = None;
    for _ in 0..20 {
        skip(Duration::from_secs(1)).await;
        length = tokio::time::timeout(Duration::from_millis(50), &mut read).await.ok();
        if length.is_some() {
            break;
        }
    }
    let length = length.expect("in time").expect("an answer");
    let answer = String::from_utf8_lossy(&answer[..length]);
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("BODY_TOO_SLOW"), "{answer}");
    app.finish().await;
}
