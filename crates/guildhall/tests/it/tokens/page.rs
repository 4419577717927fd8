//! The page of personal tokens.

use crate::app::{TestApp, browser::Browser};

const PAGE: &str = "/settings/tokens";

#[tokio::test]
async fn a_token_is_created_shown_once_and_revoked() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let empty = browser.get(PAGE).await.text;
    assert!(empty.contains("No tokens yet"), "{empty}");
    assert!(!empty.contains("Read and admin"), "{empty}");
    let input = [("name", "<b>CI"), ("scopes", "read write"), ("expires_in_days", "7")];
    let made = browser.post(PAGE, &input).await;
    assert_eq!(made.status, 200, "{}", made.text);
    assert_eq!(made.header("cache-control"), "private, no-store");
    let token = made.text.split("glh_pat_").nth(1).expect("told");
    let token = format!("glh_pat_{}", token.split('<').next().expect("an end"));
    let program = Browser::bearing(&app, &token);
    assert_eq!(program.json("/api/v1/me").await["login"], "wren-oak");
    let list = browser.get(PAGE).await.text;
    for shown in ["&#60;b&#62;CI", "read, write", "8 Nov 2026"] {
        assert!(list.contains(shown), "{shown}: {list}");
    }
    assert!(!list.contains("glh_pat_"), "{list}");
    let form = list.split("/settings/tokens/").nth(1).expect("a form");
    let id = form.split('/').next().expect("an id");
    let revoke = format!("{PAGE}/{id}/revoke");
    let stranger = app.browser_of("finch-ash").await;
    stranger.post(&revoke, &[]).await.refuses(404, "NOT_FOUND", "Unknown or revoked token");
    let question = browser.get(&revoke).await.text;
    assert!(question.contains("Revoke the token “&#60;b&#62;CI”?"), "{question}");
    assert_eq!(program.json("/api/v1/me").await["login"], "wren-oak");
    let revoked = browser.post(&revoke, &[]).await;
    let page = browser.get(revoked.location()).await.text;
    assert!(page.contains("Token “&#60;b&#62;CI” revoked"), "{page}");
    program.get("/api/v1/me").await.refuses(401, "TOKEN_INVALID", "revoked");
    app.finish().await;
}

#[tokio::test]
async fn a_refused_form_keeps_its_input() {
    let app = TestApp::start().await;
    let browser = app.browser_with("wren-oak", identity::model::Role::Admin).await;
    let page = browser.get(PAGE).await.text;
    assert!(page.contains("Read and admin"), "{page}");
    for (name, scopes, days, field, words) in [
        ("", "read", "1", "name", "1 to 60 characters"),
        ("CI", "", "1", "scopes", "read, write and admin"),
        ("CI", "king", "1", "scopes", "read, write and admin"),
        ("CI", "read write", "0", "expires_in_days", "1 to 366 days"),
        ("CI", "read", "x", "expires_in_days", "1 to 366 days"),
    ] {
        let input = [("name", name), ("scopes", scopes), ("expires_in_days", days)];
        let answer = browser.post(PAGE, &input).await;
        answer.refuses_form(422, Some(field), words);
        for value in [name, days] {
            let value = format!("value=\"{value}\"");
            assert!(answer.text.contains(&value), "{value}: {}", answer.text);
        }
        let chosen = format!("value=\"{scopes}\" selected");
        let is_scope = !scopes.is_empty() && scopes != "king";
        assert_eq!(answer.text.contains(&chosen), is_scope, "{scopes}");
    }
    assert_eq!(app.count("SELECT count(*) FROM api_tokens").await, 0);
    app.finish().await;
}
