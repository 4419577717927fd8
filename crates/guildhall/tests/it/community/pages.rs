//! The pages that everyone reads, and the API.

use community::model::TextName;
use identity::model::Role;
use serde_json::{Value, json};

use crate::app::TestApp;

async fn page(app: &TestApp, path: &str) -> String {
    let answer = app.get(path).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.expect("HTML")
}

#[tokio::test]
async fn every_page_has_a_text_before_an_admin_wrote_one() {
    let app = TestApp::start().await;
    for name in TextName::ALL {
        let html = page(&app, name.address()).await;
        assert!(html.contains(&format!("<h1>{}</h1>", name.heading())), "{html}");
        assert!(html.contains("The community has not changed it yet."), "{html}");
        assert!(!html.contains("{community}"), "{html}");
        let path = format!("/api/v1/community/texts/{}", name.as_str());
        let text = app.json(&path).await;
        assert_eq!((&text["version"], &text["updated_at"]), (&json!(0), &Value::Null), "{text}");
        assert!(text["body"].as_str().is_some_and(|body| body.len() > 100), "{text}");
    }
    let home = page(&app, "/").await;
    for name in TextName::ALL {
        let link = format!("<a href=\"{}\"", name.address());
        assert!(home.contains(&link), "the footer leads to {}: {home}", name.address());
    }
    app.finish().await;
}

#[tokio::test]
async fn a_saved_text_is_shown_at_once_to_everyone() {
    let app = TestApp::start().await;
    let before = page(&app, "/contact").await;
    assert!(before.contains("Choose the shortest way"), "{before}");
    assert!(before.contains("have not published an email address"), "{before}");
    let saved = app.save_text(TextName::Contact, "# Where\n\nAt the *pier*.", 0).await;
    let after = page(&app, "/contact").await;
    assert!(after.contains("<h2>Where</h2>"), "headings are below the title: {after}");
    assert!(
        after.contains("At the <em>pier</em>.") && after.contains("Last changed on"),
        "{after}"
    );
    let text = app.json("/api/v1/community/texts/contact").await;
    let expected = json!({
        "name": "contact", "title": "Contact", "body": "# Where\n\nAt the *pier*.", "version": 1,
        "updated_at": saved.created_at,
    });
    assert_eq!(text, expected);
    app.finish().await;
}

#[tokio::test]
async fn a_text_runs_nothing() {
    let app = TestApp::start().await;
    let hostile =
        "<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![y](https://else.where/y.png)";
    app.save_text(TextName::About, hostile, 0).await;
    let html = page(&app, "/about").await;
    assert!(html.contains("&lt;script&gt;alert(1)"), "{html}");
    for banned in ["<script>alert", "javascript:alert", "else.where"] {
        assert!(!html.contains(banned), "{banned}: {html}");
    }
    app.finish().await;
}

#[tokio::test]
async fn unknown_texts_are_not_found() {
    let app = TestApp::start().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    admin.get("/api/v1/community/texts/imprint").await.refuses(404, "NOT_FOUND", "Unknown text");
    for path in
        ["/admin/texts/imprint", "/admin/texts/about/versions/1", "/admin/texts/about/versions/x"]
    {
        assert_eq!(admin.get(path).await.status, 404, "{path}");
    }
    app.finish().await;
}
