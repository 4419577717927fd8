//! People under 18 have drawn portraits, and no public page.

use identity::actions::protect_minor;

use super::{add, picture, picture_of, portrait};
use crate::app::TestApp;

async fn protect(app: &TestApp, login: &str, is_minor: bool) {
    let person = app.person_id(login).await;
    let tx = app.context().begin().await.expect("a transaction");
    protect_minor(&tx, app.context(), person.into(), is_minor).await.expect("set");
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn minors_lose_their_pictures_and_their_page() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    browser.post("/settings/profile", &[("name", "Wren Oak")]).await.location();
    portrait(&app, &browser, "wren-oak", [5, 5, 5]).await;
    add(&app, &browser, "A boat", [6, 6, 6]).await;
    protect(&app, "wren-oak", true).await;
    assert_eq!(picture_of(&app, "wren-oak").await, None);
    assert_eq!(app.count("SELECT count(*) FROM pictures").await, 0);
    let other = app.browser_of("finch-ash").await;
    for path in [
        "/people/wren-oak",
        "/people/wren-oak/ledger.csv",
        "/people/wren-oak/card.svg",
        "/people/wren-oak/feed.atom",
        "/api/v1/people/wren-oak",
    ] {
        assert_eq!(other.get(path).await.status, 404, "{path}");
    }
    let found = other.get("/search?q=wren").await.text;
    assert!(!found.contains("href=\"/people/wren-oak\""), "{found}");
    let refused = browser.upload_picture("/settings/profile/picture", &[], &picture([1; 3])).await;
    assert_eq!(refused.status, 403);
    let fields = [("description", "A boat")];
    let refused = browser.upload_picture("/settings/pictures", &fields, &picture([1; 3])).await;
    assert_eq!(refused.status, 403);
    let person = app.person_id("wren-oak").await.into();
    let who = identity::reads::who(&app.context().db, [person]).await.expect("people");
    let who = &who[&person];
    assert_eq!((who.name.as_deref(), who.has_page), (Some("Wren"), false));
    protect(&app, "wren-oak", false).await;
    assert_eq!(other.get("/people/wren-oak").await.status, 200);
    app.finish().await;
}
