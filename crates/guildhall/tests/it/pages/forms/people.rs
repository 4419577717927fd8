//! People in fields of forms: by login, mention, ID, display name, and for admins by email address.

use identity::model::Role;
use serde_json::json;

use crate::app::TestApp;

const MAINTAINERS: &str = "/projects/lantern/maintainers";

/// Starts a server with people of whom two have the same display name.
async fn server() -> TestApp {
    let app = TestApp::start().await;
    app.project("lantern").await;
    for (login, name) in [
        ("wren-oak", "Wren Oakley"),
        ("finch-ash", "Sam Reed"),
        ("rook-elm", "Sam Reed"),
        ("crane-fir", "wren-oak"),
    ] {
        app.browser_of(login).await;
        let sql = format!("UPDATE users SET name = '{name}' WHERE login = '{login}'");
        app.change(&sql).await.expect("a name");
    }
    app
}

#[tokio::test]
async fn a_person_is_found_by_each_of_their_names() {
    let app = server().await;
    let admin = app.browser_with("heron-bay", Role::Admin).await;
    let id = app.person_id("wren-oak").await.to_string();
    for typed in ["wren-oak", "@Wren-Oak", " wren oakley ", &*id] {
        let added = admin.post(MAINTAINERS, &[("login", typed)]).await;
        assert_eq!(added.location(), MAINTAINERS, "{typed}: {}", added.text);
        let list = admin.get(MAINTAINERS).await.text;
        assert!(list.contains("wren-oak"), "{typed}: {list}");
        let removed = admin.post(&format!("{MAINTAINERS}/wren-oak/remove"), &[]).await;
        assert_eq!(removed.status, 303, "{typed}");
    }
    app.finish().await;
}

#[tokio::test]
async fn an_error_names_who_may_be_meant() {
    let app = server().await;
    let admin = app.browser_with("heron-bay", Role::Admin).await;
    for (typed, words) in [
        ("wren-oka", "Did you mean wren-oak?"),
        ("sam reed", "Several people are called"),
        ("@sam reed", "Unknown login"),
        ("unknown@hall.example", "has verified the email address"),
        ("quite-another", "Check its spelling"),
    ] {
        let refused = admin.post(MAINTAINERS, &[("login", typed)]).await;
        assert!(refused.status.is_client_error(), "{typed}");
        assert!(refused.text.contains(words), "{typed}: {}", refused.text);
    }
    // A login counts before the display name of another person.
    admin.post(MAINTAINERS, &[("login", "wren-oak")]).await;
    let list = admin.get(MAINTAINERS).await.text;
    assert!(list.contains(">wren-oak<"), "{list}");
    app.finish().await;
}

#[tokio::test]
async fn only_admins_find_people_by_a_verified_address() {
    let app = server().await;
    let admin = app.browser_with("heron-bay", Role::Admin).await;
    admin.post(MAINTAINERS, &[("login", "finch-ash")]).await;
    let maintainer = app.browser_of("finch-ash").await;
    app.verify_address("wren-oak").await;
    let typed = [("login", "Wren-Oak@oak.example")];
    let refused = maintainer.post(MAINTAINERS, &typed).await;
    assert!(refused.text.contains("people are not found by their email address"));
    assert_eq!(admin.post(MAINTAINERS, &typed).await.status, 303);
    app.finish().await;
}

#[tokio::test]
async fn people_are_suggested_by_login_and_name() {
    let app = server().await;
    let browser = app.browser_of("wren-oak").await;
    let suggested = browser.json("/suggestions/people?q=oakl").await;
    assert_eq!(suggested, json!([{ "value": "wren-oak", "label": "Wren Oakley" }]));
    assert_eq!(browser.json("/suggestions/people?q=w").await, json!([]));
    let both = browser.json("/suggestions/people?q=sam").await;
    assert_eq!(both.as_array().map(Vec::len), Some(2), "{both}");
    app.finish().await;
}

#[tokio::test]
async fn what_was_removed_can_be_added_again_by_a_button() {
    let app = server().await;
    let admin = app.browser_with("heron-bay", Role::Admin).await;
    admin.post(MAINTAINERS, &[("login", "wren-oak")]).await;
    let ask = admin.get(&format!("{MAINTAINERS}/wren-oak/remove")).await.text;
    assert!(ask.contains("<dt>Project</dt>"), "{ask}");
    admin.post(&format!("{MAINTAINERS}/wren-oak/remove"), &[]).await;
    let page = admin.get(MAINTAINERS).await.text;
    let id = app.person_id("wren-oak").await.to_string();
    assert!(page.contains("no longer maintains") && page.contains(">Undo</button>"), "{page}");
    assert!(page.contains(&format!("name=\"login\" value=\"{id}\"")), "{page}");
    admin.post(MAINTAINERS, &[("login", &id)]).await;
    let again = admin.get(MAINTAINERS).await.text;
    assert!(again.contains("wren-oak") && !again.contains(">Undo</button>"), "{again}");
    app.finish().await;
}
