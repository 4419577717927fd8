//! Texts are edited by admins: previews, versions, conflicts and earlier texts.

use community::{
    actions::{NewText, save_text},
    model::TextName,
};
use futures_util::future::join_all;
use identity::model::Role;
use platform::audit::Actor::Operator;

use crate::app::TestApp;

const EDIT: &str = "/admin/texts/conduct";

fn form<'a>(body: &'a str, based_on: &'a str) -> [(&'a str, &'a str); 2] {
    [("body", body), ("based_on", based_on)]
}

#[tokio::test]
async fn an_admin_previews_saves_and_restores() {
    let app = TestApp::start().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let empty = admin.get(EDIT).await.text;
    assert!(
        empty.contains("This is the proposed text") && !empty.contains("id=\"versions\""),
        "{empty}"
    );
    let preview = admin.post("/admin/texts/conduct/preview", &form("Be *kind*.", "0")).await;
    assert_eq!(preview.status, 200, "{}", preview.text);
    assert!(preview.text.contains("Be <em>kind</em>.") && preview.text.contains("Not saved yet"));
    assert!(preview.text.contains("Be *kind*.</textarea>"), "{}", preview.text);
    assert_eq!(app.count("SELECT count(*) FROM community_texts").await, 0);
    for (body, based_on) in [("Be kind.", "0"), ("Be kind to all.", "1")] {
        assert_eq!(admin.post(EDIT, &form(body, based_on)).await.location(), EDIT);
    }
    let list = admin.get(EDIT).await.text;
    for words in ["Version 2 is current", "Code of conduct saved", "rook-elm", "/versions/1\""] {
        assert!(list.contains(words), "{words}: {list}");
    }
    let first = admin.get("/admin/texts/conduct/versions/1").await.text;
    assert!(first.contains("<p>Be kind.</p>") && first.contains("Restore version 1"), "{first}");
    let path = "/admin/texts/conduct/versions/1/restore";
    assert_eq!(admin.post(path, &[("based_on", "2")]).await.location(), EDIT);
    let list = admin.get(EDIT).await.text;
    assert!(list.contains("Version 1 restored as version 3"), "{list}");
    assert!(list.contains("restores version 1"), "{list}");
    let texts = admin.get("/admin/texts").await.text;
    assert!(texts.contains("Proposed text") && texts.contains("rook-elm"), "{texts}");
    let acts = "SELECT action || ' ' || count(*) AS value FROM audit_logs \
                WHERE target_kind = 'community_text' GROUP BY action ORDER BY action";
    assert_eq!(app.values(acts).await, ["text.restore 1", "text.save 2"]);
    app.finish().await;
}

#[tokio::test]
async fn saving_the_same_text_again_changes_nothing() {
    let app = TestApp::start().await;
    let saved = app.save_text(TextName::About, "We build lanterns.", 0).await;
    let again = app.save_text(TextName::About, " We build lanterns.\r\n", 0).await;
    assert_eq!(saved, again);
    assert_eq!(app.count("SELECT count(*) FROM community_texts").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_conflict_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let first = app.browser_with("rook-elm", Role::Admin).await;
    let second = app.browser_with("finch-ash", Role::Admin).await;
    assert_eq!(first.post(EDIT, &form("Be kind.", "0")).await.status, 303);
    let refused = second.post(EDIT, &form("Be fair.", "0")).await;
    refused.refuses_form(409, None, "rook-elm saved version 1 of this text");
    assert!(refused.text.contains("Be fair.</textarea>"), "{}", refused.text);
    assert!(refused.text.contains("name=\"based_on\" value=\"1\""), "{}", refused.text);
    let empty = second.post(EDIT, &form(" ", "0")).await;
    empty.refuses_form(422, Some("body"), "The text is empty");
    assert!(empty.text.contains("name=\"based_on\" value=\"0\""), "{}", empty.text);
    assert_eq!(second.post(EDIT, &form("Be fair.", "1")).await.status, 303);
    let late = first.post("/admin/texts/conduct/versions/1/restore", &[("based_on", "1")]).await;
    late.refuses_form(409, None, "finch-ash saved version 2");
    let long = "x".repeat(20_001);
    let long = first.post(EDIT, &form(&long, "2")).await;
    long.refuses_form(422, Some("body"), "20001 characters");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_texts_saved_at_once_one_is_the_next_version() {
    let app = TestApp::start().await;
    let bodies: Vec<String> = (0..6).map(|number| format!("Text {number}")).collect();
    let save = |body: &String| {
        let body = body.clone();
        let context = app.context();
        async move {
            let new = NewText { body: &body, based_on: 0 };
            save_text(context, Operator, TextName::Privacy, new).await.is_ok()
        }
    };
    let saved = join_all(bodies.iter().map(save)).await;
    assert_eq!(saved.iter().filter(|is| **is).count(), 1);
    assert_eq!(app.count("SELECT count(*) FROM community_texts").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn earlier_versions_are_listed_in_parts_and_stay() {
    let app = TestApp::start().await;
    for version in 0..52 {
        app.save_text(TextName::About, &format!("Text {version}"), version).await;
    }
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let list = admin.get("/admin/texts/about").await.text;
    assert!(list.contains("Version 52") && !list.contains("/versions/2\""), "{list}");
    assert!(list.contains("?below=3#versions"), "{list}");
    let earlier = admin.get("/admin/texts/about?below=3").await.text;
    assert!(earlier.contains("/versions/2\"") && !earlier.contains("/versions/3\""), "{earlier}");
    assert!(!earlier.contains("Earlier versions"), "{earlier}");
    app.finish().await;
}

#[tokio::test]
async fn the_download_of_an_author_has_their_texts() {
    let (app, _) = TestApp::mailing().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    assert_eq!(admin.post(EDIT, &form("Be kind.", "0")).await.status, 303);
    admin.post("/settings/account/export", &[]).await.location();
    app.work().await;
    let held = admin.get("/api/v1/me/export/document").await.json();
    assert_eq!(held["community"]["texts"][0]["body"], "Be kind.");
    app.finish().await;
}
