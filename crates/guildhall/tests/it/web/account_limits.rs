//! Rate limits of signed-in requests, per person and per token, regardless of the address.

use identity::model::Scope;
use platform::config::Config;
use serde_json::Value;

use crate::app::{
    TestApp,
    browser::{Answer, Browser, SESSION},
};

const ME: &str = "/api/v1/me";

async fn server(change: impl FnOnce(&mut Config)) -> TestApp {
    TestApp::with(|config| {
        config.exempt_networks.clear();
        config.trusted_proxies = vec!["127.0.0.1".parse().expect("a network")];
        change(config);
    })
    .await
}

/// Checks for status 429, the wait, and the limit in the message.
fn is_too_often(answer: &Answer, from: &str) {
    answer.refuses(429, "TOO_MANY_REQUESTS", from);
    let wait: u64 = answer.header("retry-after").parse().expect("seconds");
    assert!((1..=30).contains(&wait), "{wait}");
}

#[tokio::test]
async fn a_person_is_limited_across_addresses() {
    let app = server(|config| config.person_requests_per_minute = 2).await;
    let session = app.signed_in("wren-oak", &Default::default()).await;
    let at_home = Browser::forwarded(&app, "203.0.113.9");
    let away = Browser::forwarded(&app, "198.51.100.7");
    for browser in [&at_home, &away] {
        browser.set_cookie(SESSION, &session);
    }
    let first = at_home.get(ME).await;
    assert_eq!(first.status, 200, "{}", first.text);
    let limits: Vec<&str> = first.header("ratelimit").split(", ").collect();
    assert!(limits[0].starts_with("\"requests\";r=1199;t="), "{limits:?}");
    assert!(limits[1].starts_with("\"person\";r=1;t="), "{limits:?}");
    assert_eq!(first.header("ratelimit-policy"), "\"requests\";q=1200;w=60, \"person\";q=2;w=60");
    assert_eq!(away.get(ME).await.status, 200);
    is_too_often(&at_home.get(ME).await, "requests from your account.");
    let page = away.get("/settings/sessions").await;
    is_too_often(&page, "requests from your account.");
    assert!(page.text.contains("<html"), "people get a page");
    // Other people at the same address have their own limits.
    let other = app.signed_in("finch-ash", &Default::default()).await;
    at_home.set_cookie(SESSION, &other);
    assert_eq!(at_home.get(ME).await.status, 200);
    app.finish().await;
}

#[tokio::test]
async fn a_token_has_its_own_limit() {
    let app = server(|config| config.token_requests_per_minute = 2).await;
    app.browser_of("wren-oak").await;
    let tokens =
        [app.token("wren-oak", &[Scope::Read]).await, app.token("wren-oak", &[Scope::Read]).await];
    let [one, other] = [&tokens[0], &tokens[1]].map(|token| Browser::bearing(&app, token));
    for _ in 0..2 {
        assert_eq!(one.get(ME).await.status, 200);
    }
    let refused = one.get(ME).await;
    is_too_often(&refused, "requests with this token.");
    assert!(serde_json::from_str::<Value>(&refused.text).is_ok(), "programs get JSON");
    // The account's limit refills by 20 a second, so the answer may have any number that is nearly full.
    let limits = refused.header("ratelimit");
    let left = limits.split("\"person\";r=").nth(1);
    let left = left.and_then(|rest| rest.split(';').next()?.parse().ok());
    assert!(left.is_some_and(|left: u32| left >= 1190), "{limits}");
    assert_eq!(other.get(ME).await.status, 200);
    let access = Browser::bearing(&app, &app.access("wren-oak").await);
    assert_eq!(access.get(ME).await.status, 200);
    app.finish().await;
}

#[tokio::test]
async fn exempt_networks_have_no_person_limit() {
    let app = TestApp::with(|config| config.person_requests_per_minute = 1).await;
    let browser = app.browser_of("wren-oak").await;
    for _ in 0..3 {
        let answer = browser.get(ME).await;
        assert_eq!((answer.status.as_u16(), answer.header("ratelimit")), (200, ""));
    }
    app.finish().await;
}
