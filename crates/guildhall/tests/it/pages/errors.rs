use reqwest::{StatusCode, header};

use super::{html, page};
use crate::app::{TestApp, client};

#[tokio::test]
async fn an_unknown_address_is_a_page_for_people_and_json_for_programs() {
    let app = TestApp::start().await;
    let (status, html) = page(&app, "/nothing/here").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(html.contains("<h1>There is no such page</h1>"), "{html}");
    let response = app.get("/api/v1/nothing").send().await.expect("an answer");
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    app.finish().await;
}

#[tokio::test]
async fn an_error_page_shows_the_request_id() {
    let app = TestApp::start().await;
    for (path, is_whole) in [("/projects?archived=perhaps", true), ("/nothing/here", false)] {
        let asked = app.get(path).header("x-request-id", "abcdef-123456");
        let html = asked.send().await.expect("an answer").text().await.expect("HTML");
        assert!(html.contains("request ID <code>f-123456</code>"), "{path}: {html}");
        assert_eq!(html.contains("<code>abcdef-123456</code>"), is_whole, "{path}: {html}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_server_error_is_a_page_without_its_cause() {
    let app = TestApp::start().await;
    app.change("DROP TABLE project_repositories").await.expect("dropped");
    let (status, html) = page(&app, "/projects").await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        html.contains("nothing was changed. Try again.") && !html.contains("project_repositories"),
        "{html}"
    );
    app.finish().await;
}

#[tokio::test]
async fn a_form_without_a_session_leads_to_sign_in_and_back_to_its_page() {
    let app = TestApp::start().await;
    let page = "/settings/listing?a=b";
    for (from, back) in [
        (format!("{}{page}", app.url), "%2Fsettings%2Flisting%3Fa%3Db"),
        (format!("https://evil.example{page}"), "%2F"),
        (String::new(), "%2F"),
    ] {
        let form = client()
            .post(format!("{}/settings/listing", app.url))
            .form(&[("listed", "no"), ("reason", "Typed <for> long"), ("token", "hush")])
            .header("sec-fetch-site", "same-origin")
            .header("referer", &from);
        let answer = form.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{from}");
        let html = answer.text().await.expect("HTML");
        for part in [
            "<h1>Sign in to continue</h1>",
            "sign in in a new tab, then reload this page",
            "Typed &#60;for&#62; long</textarea>",
            &format!("href=\"/sign-in?return={back}\">Sign in</a>"),
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert!(!html.contains("hush"), "{html}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_form_that_is_refused_before_its_page_shows_what_was_typed() {
    let app = TestApp::start().await;
    let form = client()
        .post(format!("{}/settings/listing", app.url))
        .form(&[("reason", "Typed for long")])
        .header("sec-fetch-site", "cross-site");
    let answer = form.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let html = answer.text().await.expect("HTML");
    assert!(html.contains("CROSS_SITE_REQUEST") && html.contains("Typed for long"), "{html}");
    app.finish().await;
}

#[tokio::test]
async fn the_stylesheet_can_be_cached_forever() {
    let app = TestApp::start().await;
    let html = html(&app, "/").await;
    let from = html.find("/assets/style-").expect("a stylesheet");
    let address = html[from..].split('"').next().expect("an address");
    let response = app.get(address).send().await.expect("an answer");
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
    let other = app.get("/assets/style-0.css").send().await.expect("an answer");
    assert_eq!(other.status(), StatusCode::NOT_FOUND);
    app.finish().await;
}
