use identity::model::Role;
use serde_json::{Value, json};

use crate::app::{TestApp, browser::Browser};

const PATH: &str = "/api/v1/admin/people";
const ROLE: &str = "/api/v1/admin/people/wren-oak/role";

#[tokio::test]
async fn people_are_found_by_login_and_role() {
    let app = TestApp::start().await;
    let browser = app.browser_with("finch-ash", Role::Moderator).await;
    for login in ["wren-oak", "wren-elm", "rook-elm"] {
        app.browser_of(login).await;
    }
    for (query, logins) in [
        ("role=", &["finch-ash", "rook-elm", "wren-elm", "wren-oak"][..]),
        ("login=WREN", &["wren-elm", "wren-oak"]),
        ("login=wren_", &[]),
        ("role=moderator", &["finch-ash"]),
        ("cursor=rook-elm", &["wren-elm", "wren-oak"]),
    ] {
        let found = browser.json(&format!("{PATH}?{query}")).await;
        let items = found["items"].as_array().expect("items").iter();
        let found: Vec<_> = items.map(|item| item["login"].as_str()).collect();
        let expected: Vec<_> = logins.iter().copied().map(Some).collect();
        assert_eq!(found, expected, "{query}");
    }
    let first = browser.json(&format!("{PATH}?limit=1")).await;
    let next = first["next_cursor"].as_str().expect("a cursor");
    assert!(next.starts_with("finch-ash."), "{next}");
    assert_eq!(first["items"][0]["role"], "moderator");
    let last = browser.json(&format!("{PATH}?login=rook&limit=1")).await;
    assert_eq!(last["next_cursor"], Value::Null);
    let king = browser.get(&format!("{PATH}?role=king")).await;
    king.refuses(400, "BAD_QUERY", "use user, moderator or admin");
    let refused = browser.get(&format!("{PATH}?limit=101")).await;
    refused.refuses(400, "BAD_LIMIT", "between 1 and 100");
    app.finish().await;
}

#[tokio::test]
async fn people_with_equal_logins_are_listed_once_each() {
    let app = TestApp::start().await;
    let browser = app.browser_with("finch-ash", Role::Moderator).await;
    for login in ["wren-oak", "wren-elm", "rook-elm"] {
        app.browser_of(login).await;
    }
    // On GitHub, a freed login can be taken before this server learns of both changes.
    let equal = "UPDATE users SET login = 'Wren-Oak' WHERE login = 'wren-elm'";
    app.change(equal).await.expect("renamed");
    let (mut listed, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = browser.json(&format!("{PATH}?limit=1&cursor={cursor}")).await;
        listed.push(page["items"][0]["id"].as_str().expect("an ID").to_owned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(listed.len(), 4, "{listed:?}");
    listed.sort();
    listed.dedup();
    assert_eq!(listed.len(), 4, "each person once");
    app.finish().await;
}

#[tokio::test]
async fn an_admin_grants_a_role_and_the_audit_log_records_it() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let person = app.browser_of("wren-oak").await;
    let moderator = json!({ "role": "moderator" });
    for (browser, status, code, words) in [
        (&person, 403, "ROLE_REQUIRED", "can do this"),
        (&Browser::new(&app), 401, "SIGN_IN_REQUIRED", "Sign in"),
    ] {
        browser.get(PATH).await.refuses(status, code, words);
        let granted = browser.call("PUT", ROLE, Some(&moderator)).await;
        granted.refuses(status, code, words);
    }
    let granted = admin.call("PUT", ROLE, Some(&moderator)).await;
    assert_eq!((granted.status.as_u16(), &*granted.text), (204, ""));
    assert_eq!(person.get(PATH).await.status, 200);
    let noted = "SELECT a.after AS value FROM audit_logs a JOIN users u ON u.id = a.actor_id \
                 WHERE a.action = 'user.grant' AND u.login = 'finch-ash'";
    assert_eq!(app.values(noted).await, [r#"{"role":"moderator"}"#]);
    app.finish().await;
}

#[tokio::test]
async fn invalid_role_changes_are_refused() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    app.browser_of("wren-oak").await;
    for (login, body, status, code, words) in [
        ("finch-ash", json!({ "role": "user" }), 409, "CANNOT_CHANGE_OWN_ROLE", "your own role"),
        ("unknown-login", json!({ "role": "user" }), 404, "PERSON_NOT_FOUND", "Unknown login"),
        ("wren-oak", json!({ "role": "king" }), 422, "NO_SUCH_ROLE", "moderator or admin"),
        ("wren-oak", json!({}), 400, "BAD_BODY", "missing field"),
        ("wren-oak", json!({ "role": 1 }), 400, "BAD_BODY", "role"),
        ("wren-oak", json!(["user"]), 400, "BAD_BODY", "an object"),
        (
            "wren-oak",
            json!({ "role": "x".repeat(3 << 20) }),
            413,
            "TOO_LARGE",
            "Send a smaller one",
        ),
    ] {
        let path = format!("{PATH}/{login}/role");
        let answer = admin.call("PUT", &path, Some(&body)).await;
        answer.refuses(status, code, words);
    }
    let without = admin.call("PUT", ROLE, None).await;
    without.refuses(415, "UNSUPPORTED_MEDIA_TYPE", "application/json");
    app.finish().await;
}
