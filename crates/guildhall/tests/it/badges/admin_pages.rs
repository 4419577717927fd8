//! The pages on which admins manage badges.

use identity::model::Role;
use recognition::rules::badges::Criteria;

use super::merged;
use crate::app::TestApp;

const FORM: &[(&str, &str)] = &[
    ("slug", "twenty"),
    ("name", "Twenty"),
    ("description", "20 merged pull requests."),
    ("rarity", "EPIC"),
    ("criteria", r#"{"kind": "pr_count", "at_least": 20}"#),
];

/// Returns the form with another value of a field.
fn with<'a>(field: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let other =
        |(name, before): &(&'a str, &'a str)| (*name, if *name == field { value } else { *before });
    FORM.iter().map(other).collect()
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed() {
    let app = TestApp::start().await;
    app.badge("taken", Criteria::Manual).await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    for (field, value, status, words) in [
        ("slug", "Not a slug", 422, "lowercase letters"),
        ("slug", "taken", 409, "already in use"),
        ("rarity", "UNIQUE", 422, "Choose a rarity"),
        ("criteria", r#"{"kind": "streak"}"#, 422, "months is missing"),
        ("criteria", "{", 422, "not JSON"),
    ] {
        let form = with(field, value);
        let refused = admin.post("/admin/badges/new", &form).await;
        assert_eq!(refused.status, status, "{field}: {}", refused.text);
        assert!(refused.text.contains(words), "{field}: {}", refused.text);
        assert!(refused.text.contains(r#"value="Twenty""#), "{field}");
        let marked = format!(r#"id="{field}-e""#);
        assert!(refused.text.contains(&marked), "{field}: {}", refused.text);
    }
    assert_eq!(admin.post("/admin/badges/new", FORM).await.status, 303);
    let page = admin.get("/admin/badges").await.text;
    assert!(page.contains("Have 20 pull requests merged."), "{page}");
    let edit = admin.get("/admin/badges/twenty").await.text;
    assert!(edit.contains("&#34;at_least&#34;: 20"), "{edit}");
    let saved = with("name", "Twenty merges");
    let saved = admin.post("/admin/badges/twenty", &saved).await;
    assert_eq!(saved.status, 303, "{}", saved.text);
    let page = app.get("/badges/twenty").send().await.expect("an answer");
    let page = page.text().await.expect("HTML");
    assert!(page.contains("Twenty merges"), "{page}");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_badge_is_awarded_and_revoked_with_a_reason() {
    let app = TestApp::of_lantern().await;
    app.deliver_all(&[&merged(1, "hexacat", 1)]).await;
    app.badge("helper", Criteria::Manual).await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let form = |login| [("login", login), ("reason", "For help")];
    let award = "/admin/badges/helper/award";
    for (login, status, words) in [
        ("no-one", 422, "Unknown login"),
        ("", 422, "Enter a login."),
        ("hexacat", 303, ""),
        ("hexacat", 409, "already has this badge"),
    ] {
        let answer = admin.post(award, &form(login)).await;
        assert_eq!(answer.status, status, "{login}: {}", answer.text);
        assert!(answer.text.contains(words), "{login}: {}", answer.text);
    }
    assert_eq!(app.badges_of("hexacat").await[0], "helper");
    let revoke = "/admin/badges/helper/revoke";
    let silent = [("login", "hexacat"), ("reason", " ")];
    assert_eq!(admin.post(revoke, &silent).await.status, 422);
    assert_eq!(admin.post(revoke, &form("hexacat")).await.status, 303);
    assert_eq!(admin.post(revoke, &form("hexacat")).await.status, 409);
    assert_eq!(app.badges_of("hexacat").await, ["first-merge"]);
    app.finish().await;
}

#[tokio::test]
async fn the_progress_of_an_evaluation_is_shown() {
    let app = TestApp::of_lantern().await;
    app.deliver_all(&[&merged(1, "hexacat", 1)]).await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let page = admin.get("/admin/badges").await.text;
    assert!(page.contains("Completed"), "{page}");
    let asked = admin.post("/admin/badges/evaluate", &[]).await;
    assert_eq!(asked.status, 303, "{}", asked.text);
    let programmes = recognition::Programmes::of(&app.server);
    recognition::actions::evaluate_next(app.context(), programmes).await.expect("a batch");
    let page = admin.get("/admin/badges").await.text;
    assert!(page.contains("In progress, began"), "{page}");
    app.work().await;
    app.finish().await;
}
