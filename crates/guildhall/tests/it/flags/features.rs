//! A feature that is off: its routes do not exist, and no link leads to them.

use identity::model::Role;
use platform::flags::FlagChange;

use super::{set, to};
use crate::app::{TestApp, browser::Browser};

const LINK: &str = r#"<a href="/docs/api">API</a>"#;

/// Returns true when the API page is available to this browser. The route and the link to it must agree.
async fn is_shown(browser: &Browser<'_>) -> bool {
    let status = browser.get("/docs/api").await.status.as_u16();
    let home = browser.get("/").await;
    let is_linked = home.text.contains(LINK);
    assert!(matches!(status, 200 | 404), "{status}");
    assert_eq!(status == 200, is_linked, "the route and its link agree");
    is_linked
}

#[tokio::test]
async fn a_feature_that_is_off_is_hidden_from_everyone() {
    let app = TestApp::start().await;
    let visitor = Browser::new(&app);
    let admin = super::admin(&app).await;
    assert!(is_shown(&visitor).await && is_shown(&admin).await);
    set(&app, "api_docs", to(false, 100)).await;
    assert!(!is_shown(&visitor).await && !is_shown(&admin).await);
    let gone = visitor.get("/docs/api").await;
    gone.refuses(404, "", "There is no such page");
    set(&app, "api_docs", to(true, 100)).await;
    assert!(is_shown(&visitor).await && is_shown(&admin).await);
    app.finish().await;
}

#[tokio::test]
async fn listed_people_see_it_before_others() {
    let app = TestApp::start().await;
    let person = app.browser_of("wren-oak").await;
    let other = app.browser_of("lark-elm").await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let wren = app.person_id("wren-oak").await;
    let named = FlagChange {
        people: Some([wren].into()),
        roles: Some(["admin".to_owned()].into()),
        ..to(true, 0)
    };
    set(&app, "api_docs", named).await;
    assert!(is_shown(&person).await && is_shown(&admin).await);
    assert!(!is_shown(&other).await && !is_shown(&Browser::new(&app)).await);
    set(&app, "api_docs", to(false, 0)).await;
    assert!(!is_shown(&person).await && !is_shown(&admin).await);
    app.finish().await;
}

#[tokio::test]
async fn a_percentage_applies_to_people_and_stays_the_same_for_each() {
    let app = TestApp::start().await;
    let mut people = Vec::new();
    for number in 0..12 {
        people.push(app.browser_of(&format!("person-{number}")).await);
    }
    let mut before = vec![false; people.len()];
    for percent in [0, 30, 60, 100] {
        set(&app, "api_docs", to(true, percent)).await;
        let mut now = Vec::new();
        for person in &people {
            now.push(is_shown(person).await);
        }
        assert!(before.iter().zip(&now).all(|(was, is)| !was || *is));
        before = now;
    }
    assert!(!before.contains(&false));
    app.finish().await;
}

#[tokio::test]
async fn event_streams_end_and_cannot_be_opened() {
    let app = TestApp::start().await;
    let open = app.get("/live").send().await.expect("a stream");
    assert_eq!(open.status(), 200);
    set(&app, "live_updates", to(false, 100)).await;
    assert_eq!(Browser::new(&app).get("/live").await.status, 404);
    let ended = tokio::time::timeout(std::time::Duration::from_secs(6), open.bytes()).await;
    ended.expect("the stream ends").expect("a whole answer");
    app.finish().await;
}

#[tokio::test]
async fn the_environment_can_switch_it_off_despite_the_row() {
    let app = TestApp::with(|config| {
        config.switches.insert("ENABLE_API_DOCS".to_owned(), "false".to_owned());
    })
    .await;
    let admin = super::admin(&app).await;
    set(&app, "api_docs", to(true, 100)).await;
    assert!(!is_shown(&admin).await);
    let page = admin.get("/admin/flags").await;
    assert!(page.text.contains("off: overridden by ENABLE_API_DOCS"), "{}", page.text);
    app.finish().await;
}
