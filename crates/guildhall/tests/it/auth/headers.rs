use crate::app::{TestApp, browser::Browser};

#[tokio::test]
async fn every_answer_has_security_headers() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    for path in [
        "/",
        "/nothing",
        "/livez",
        "/api/v1/projects",
        "/api/v1/nothing",
        "/sign-in",
        "/settings/sessions",
        "/assets/nothing.css",
    ] {
        let answer = browser.get(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path}: {name}");
        }
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert!(answer.header("permissions-policy").contains("geolocation=()"), "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}: no TLS here");
    }
    app.finish().await;
}

#[tokio::test]
async fn personalized_answers_are_not_shared() {
    let app = TestApp::start().await;
    let (browser, anonymous) = (app.browser_of("wren-oak").await, Browser::new(&app));
    for path in [
        "/",
        "/leaderboards",
        "/projects",
        "/people/wren-oak",
        "/docs/api",
        "/docs/api/people",
        "/docs/problems",
        "/guides",
        "/nothing",
        "/api/v1/projects",
    ] {
        let own = browser.get(path).await;
        assert_eq!(own.header("cache-control"), "private, no-store", "{path}");
        assert_eq!(own.header("etag"), "", "{path}");
        let public = anonymous.get(path).await;
        assert!(!public.text.contains("Signed in as"), "{path}");
        if !path.starts_with("/api/") {
            assert!(own.text.contains("Signed in as"), "{path}");
            let mut vary = public.headers.get_all("vary").iter();
            assert!(vary.any(|value| value == "Cookie"), "{path}");
            // The anonymous page is cached by now.
            let own = browser.get(path).await;
            assert!(own.text.contains("Signed in as"), "{path}");
        }
    }
    app.finish().await;
}
