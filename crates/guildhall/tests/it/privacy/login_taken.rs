//! A login that is free again, because its person was erased.

use guildhall::{MODULES, privacy};
use identity::model::{AccountKind, Device, GithubAccount, Role};
use platform::audit::Actor::Operator;

use crate::app::{
    TestApp, at,
    browser::{Browser, SESSION},
};

#[tokio::test]
async fn who_has_the_login_of_an_erased_person_has_nothing_else_of_them() {
    let app = TestApp::start().await;
    app.browser_with("finch-ash", Role::Admin).await;
    app.project("season").await;
    let former = app.browser_with("wren-oak", Role::Admin).await;
    app.add_maintainer("season", "wren-oak").await;
    let asked = former.post("/settings/account/export", &[]).await;
    assert_eq!(asked.location(), "/settings/account");
    app.work().await;
    assert_eq!(former.get("/api/v1/me/export/document").await.status, 200);
    let erased = app.person_id("wren-oak").await;
    privacy::erase(MODULES, app.context(), Operator, erased.into()).await.expect("erased");

    let (login, since) = ("wren-oak".to_owned(), at("2026-01-01T00:00:00Z"));
    let account = GithubAccount::new(987_654, login, AccountKind::User, since);
    let device = Device::default();
    let welcome = identity::actions::sign_in(app.context(), account, &device, None).await;
    let browser = Browser::new(&app);
    browser.set_cookie(SESSION, &welcome.expect("signed in").token);
    assert_ne!(app.person_id("wren-oak").await, erased);
    let own = browser.json("/api/v1/me").await;
    assert_eq!([&own["login"], &own["role"]], ["wren-oak", "user"], "{own}");
    let export = browser.get("/api/v1/me/export/document").await;
    export.refuses(404, "NOT_FOUND", "No download is ready");
    assert_eq!(browser.get("/admin/people").await.status, 403);
    let maintained = "SELECT count(*) FROM project_maintainers m JOIN users u ON u.id = m.user_id \
                      WHERE u.login = 'wren-oak'";
    assert_eq!(app.count(maintained).await, 0);
    // The session from before ended with the person.
    assert_eq!(former.get("/api/v1/me").await.status, 401);
    app.finish().await;
}
