//! Requests that a session is refused if it has not proven the second factor of its person, because it may be stolen.

use super::*;

const NIL: &str = "00000000-0000-0000-0000-000000000000";

/// The requests that would let a stolen session outlast its end, or take the account from its owner.
fn requests() -> Vec<(&'static str, String, Option<Value>)> {
    let address = json!({ "address": "thief@oak.example" });
    let number = json!({ "number": "+15551230007" });
    let token = json!({ "name": "CI", "scopes": ["read"], "expires_in_days": 30 });
    let closing = json!({ "login": "wren-oak" });
    let hook = json!({ "url": "https://hooks.example/a" });
    let api = |path: &str| format!("/api/v1/me/{path}");
    vec![
        ("PUT", api("email"), Some(address)),
        ("DELETE", api("email"), None),
        ("POST", api("email/verify"), Some(json!({ "token": "x" }))),
        ("PUT", api("phone"), Some(number)),
        ("DELETE", api("phone"), None),
        ("POST", api("phone/verify"), Some(json!({ "code": "042917" }))),
        ("POST", api("tokens"), Some(token)),
        ("POST", api("webhooks"), Some(hook)),
        ("POST", api(&format!("webhooks/{NIL}/rotate")), None),
        ("POST", api("export"), None),
        ("GET", api("export/document"), None),
        ("POST", api("close"), Some(closing)),
        ("DELETE", api(&format!("identities/{NIL}")), None),
        ("POST", "/api/v1/auth/token".to_owned(), None),
    ]
}

/// The forms of the pages that do the same.
const FORMS: [(&str, &[(&str, &str)]); 15] = [
    ("/settings/email", &[("address", "thief@oak.example")]),
    ("/settings/email/remove", &[]),
    ("/settings/email/verify", &[("token", "x")]),
    ("/settings/notifications/phone", &[("number", "+15551230007")]),
    ("/settings/notifications/phone/verify", &[("code", "042917")]),
    ("/settings/notifications/phone/remove", &[]),
    ("/settings/tokens", &[("name", "CI"), ("scopes", "read"), ("expires_in_days", "30")]),
    ("/settings/webhooks", &[("url", "https://hooks.example/a")]),
    ("/settings/webhooks/00000000-0000-0000-0000-000000000000/rotate", &[]),
    ("/settings/account/export", &[]),
    ("/settings/account/close", &[("login", "wren-oak")]),
    ("/settings/identities/link", &[]),
    ("/settings/identities/00000000-0000-0000-0000-000000000000/unlink", &[]),
    ("/settings/identities/github/check", &[("login", "no login")]),
    ("/settings/github/connect", &[]),
];

#[tokio::test]
async fn a_session_that_owes_its_code_cannot_take_the_account() {
    let app = TestApp::start().await;
    let first = app.browser_of("wren-oak").await;
    let phone = app.second_factor(&first).await;
    let stolen = app.browser_of("wren-oak").await;
    let page = stolen.get("/settings/account").await.text;
    assert!(page.contains("has not proven your second factor"), "{page}");
    for (method, path, body) in requests() {
        let refused = stolen.call(method, &path, body.as_ref()).await;
        assert_eq!(refused.status, 403, "{method} {path}: {}", refused.text);
        refused.refuses(403, "SECOND_FACTOR_REQUIRED", "Enter a code");
    }
    for (path, form) in FORMS {
        let refused = stolen.post(path, form).await;
        assert_eq!(refused.status, 403, "{path}: {}", refused.text);
        refused.refuses(403, "SECOND_FACTOR_REQUIRED", "Enter a code");
    }
    let linking = stolen.get("/settings/identities/link/github").await;
    assert!(linking.location().starts_with("/sign-in/second-factor?"), "{}", linking.text);
    // The owner may still end it, and what they have.
    assert_eq!(stolen.call("DELETE", "/api/v1/me/sessions", None).await.status, 200);
    assert_eq!(prove(&stolen, &phone.next_code()).await.status, 204);
    let page = stolen.get("/settings/account").await.text;
    assert!(!page.contains("has not proven your second factor"), "{page}");
    for (method, path, body) in requests().into_iter().filter(|it| it.1 != "/api/v1/me/close") {
        let answer = stolen.call(method, &path, body.as_ref()).await;
        assert_ne!(answer.status, 403, "{method} {path}: {}", answer.text);
    }
    for (path, form) in FORMS {
        let answer = stolen.post(path, form).await;
        assert_ne!(answer.status, 403, "{path}: {}", answer.text);
    }
    app.abandon().await;
}

#[tokio::test]
async fn people_without_a_factor_need_none() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    assert_eq!(create_token(&browser, &["read"]).await.status, 201);
    assert_eq!(browser.call("POST", "/api/v1/me/export", None).await.status, 202);
    app.abandon().await;
}
