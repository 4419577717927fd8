use reqwest::Method;

use crate::app::{TestApp, browser::Browser, client};

#[tokio::test]
async fn requests_from_other_sites_are_refused() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    for site in ["cross-site", "same-site"] {
        let answer = browser.post_from(site, "/settings/sessions/others/end", &[]).await;
        answer.refuses(403, "CROSS_SITE_REQUEST", "another site");
        assert_eq!(answer.header("x-frame-options"), "DENY");
    }
    for method in ["PUT", "DELETE"] {
        let answer = browser.call_from("cross-site", method, "/api/v1/me/sessions", None).await;
        answer.refuses(403, "CROSS_SITE_REQUEST", "another site");
    }
    let out = browser.post_from("cross-site", "/sign-out", &[]).await;
    out.refuses(403, "CROSS_SITE_REQUEST", "nothing was changed");
    assert_eq!(browser.get("/settings/sessions").await.status, 200);
    app.finish().await;
}

/// Old browsers, and all browsers without TLS, send only the Origin header.
#[tokio::test]
async fn the_origin_header_decides_without_fetch_metadata() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let path = "/settings/sessions/others/end";
    for (origin, status) in [
        (Some(app.url.as_str()), 303),
        (Some("http://evil.example"), 403),
        (Some("null"), 403),
        (None, 403),
    ] {
        let mut request = app.post(path).form(&[("x", "y")]);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        // The client follows redirects, so a redirect shows as the 200 of its target.
        let answer = browser.send(request, path).await;
        let is = if answer.status == 200 { 303 } else { answer.status.as_u16() };
        assert_eq!(is, status, "{origin:?}: {}", answer.text);
    }
    app.finish().await;
}

#[tokio::test]
async fn programs_without_a_cookie_are_allowed() {
    let app = TestApp::start().await;
    let hook = app.post("/api/v1/webhooks/github").header("origin", "https://evil.example");
    let answer = hook.send().await.expect("an answer");
    assert_eq!(answer.status(), 415, "refused for another reason");
    let browser = app.browser_of("wren-oak").await;
    let signed_in = browser.post_from("cross-site", "/api/v1/webhooks/github", &[]).await;
    signed_in.refuses(403, "CROSS_SITE_REQUEST", "another site");
    assert_eq!(signed_in.header("content-type"), "application/problem+json");
    app.finish().await;
}

#[tokio::test]
async fn reading_is_allowed_from_every_site() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let client = client();
    for method in [Method::GET, Method::HEAD] {
        let request = client.request(method, format!("{}/", app.url));
        let request = request.header("sec-fetch-site", "cross-site");
        assert_eq!(browser.send(request, "/").await.status, 200);
    }
    app.finish().await;
}
