//! Pictures of projects: who may set them, where they are shown, and what moderators and erasure do to them.

use identity::model::Role;

use crate::{
    app::{TestApp, browser::Browser},
    pictures::picture,
};

/// Returns the path of the form for the picture of the project `season`.
async fn form_of_season(app: &TestApp) -> String {
    format!("/picture-of/project/{}", app.project_id("season").await)
}

/// Returns the path of the picture of the project `season`.
async fn shown(app: &TestApp) -> Option<String> {
    let found = contributions::reads::project(&app.context().db, "season").await;
    found.expect("read").expect("a project").picture().map(|(path, _)| path)
}

async fn upload(browser: &Browser<'_>, form: &str, color: [u8; 3]) -> u16 {
    let fields = [("description", "A lantern on a quay")];
    browser.upload_picture(form, &fields, &picture(color)).await.status.as_u16()
}

#[tokio::test]
async fn maintainers_give_a_project_a_picture_as_long_as_they_are() {
    let app = TestApp::start().await;
    app.project("season").await;
    let form = form_of_season(&app).await;
    let browser = app.browser_of("wren-oak").await;
    assert_eq!(browser.get(&form).await.status, 403);
    assert_eq!(upload(&browser, &form, [1, 2, 3]).await, 403);
    app.add_maintainer("season", "wren-oak").await;
    let missing = browser.upload_picture(&form, &[], &picture([1, 2, 3])).await;
    assert_eq!(missing.status, 422);
    assert!(missing.text.contains("Describe what the picture shows."), "{}", missing.text);
    let typed = [("description", "A lantern on a quay")];
    let broken = browser.upload_picture(&form, &typed, b"no picture").await;
    assert_eq!(broken.status, 422);
    assert!(broken.text.contains("value=\"A lantern on a quay\""), "{}", broken.text);
    assert_eq!(upload(&browser, &form, [1, 2, 3]).await, 303);
    let first = shown(&app).await.expect("a picture");
    for path in ["/projects", "/projects/season", "/projects/season/edit"] {
        let page = browser.get(path).await.text;
        assert!(page.contains(&format!("src=\"{first}\"")), "{path}: {page}");
    }
    let page = browser.get("/projects/season").await.text;
    assert!(page.contains("alt=\"A lantern on a quay\""), "{page}");
    // It belongs to the project, not to who uploaded it.
    assert!(!browser.get("/settings/pictures").await.text.contains(&first));
    let describe = format!("{form}/describe");
    browser.post(&describe, &[("description", "A lamp")]).await.location();
    assert!(browser.get("/projects/season").await.text.contains("alt=\"A lamp\""));
    app.change("DELETE FROM project_maintainers WHERE role <> 'owner'").await.expect("removed");
    app.change("DELETE FROM project_maintainers").await.expect("removed");
    assert_eq!(upload(&browser, &form, [7, 8, 9]).await, 403);
    assert_eq!(browser.post(&format!("{form}/remove"), &[]).await.status, 403);
    assert_eq!(shown(&app).await, Some(first));
    let admin = app.browser_with("heron-elm", Role::Admin).await;
    admin.post(&format!("{form}/remove"), &[]).await.location();
    assert_eq!(shown(&app).await, None);
    assert_eq!(app.count("SELECT count(*) FROM pictures").await, 0);
    let page = admin.get("/projects/season").await.text;
    assert!(page.contains("/pictures/drawn/1/project/season.svg"), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn a_reported_picture_of_a_thing_waits_for_moderators() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    app.project("season").await;
    let form = form_of_season(&app).await;
    app.browser_of("wren-oak").await;
    app.add_maintainer("season", "wren-oak").await;
    let browser = app.browser_of("wren-oak").await;
    assert_eq!(upload(&browser, &form, [1, 2, 3]).await, 303);
    let path = shown(&app).await.expect("a picture");
    let report = format!("/report{}", path.replace("/pictures/", "/picture/"));
    let reporter = app.browser_of("finch-ash").await;
    reporter.post(&report, &[("words", "This is our lantern")]).await.location();
    let moderator = app.browser_with("heron-elm", Role::Moderator).await;
    let item = app.waits("heron-elm", "picture").await;
    assert_eq!(item["address"], "/admin/pictures");
    assert!(item.to_string().contains("This is our lantern"), "{item}");
    app.is_done("wren-oak", "picture").await;
    let page = moderator.get("/admin/pictures").await.text;
    assert!(page.contains("Picture of a project"), "{page}");
    let thing = form.trim_start_matches("/picture-of/").replace('/', ":");
    let own = platform::media::picture_of(
        &app.context().db,
        &thing,
        platform::media::PictureUse::Gallery,
    );
    let id = own.await.expect("read").expect("a picture").id;
    let decided = format!("/admin/pictures/{id}/remove");
    moderator.post(&decided, &[("reason", "It is theirs")]).await.location();
    assert_eq!(shown(&app).await, None);
    app.is_done("heron-elm", "picture").await;
    app.finish().await;
}

#[tokio::test]
async fn minors_set_no_picture_and_erased_people_leave_that_of_the_thing() {
    let app = TestApp::start().await;
    app.project("season").await;
    let form = form_of_season(&app).await;
    app.browser_of("wren-oak").await;
    app.add_maintainer("season", "wren-oak").await;
    let browser = app.browser_of("wren-oak").await;
    assert_eq!(upload(&browser, &form, [1, 2, 3]).await, 303);
    let person = app.person_id("wren-oak").await;
    let context = app.context();
    let tx = context.begin().await.expect("a transaction");
    identity::actions::protect_minor(&tx, context, person.into(), true).await.expect("set");
    tx.commit().await.expect("committed");
    assert_eq!(upload(&browser, &form, [7, 8, 9]).await, 403);
    assert!(shown(&app).await.is_some());
    let tx = context.begin().await.expect("a transaction");
    let modules = guildhall::MODULES;
    for erase in modules.iter().filter(|it| it.name == "platform").filter_map(|it| it.erase) {
        let operator = platform::audit::Actor::Operator;
        erase(&tx, context, operator, person).await.expect("erased");
    }
    tx.commit().await.expect("committed");
    assert!(shown(&app).await.is_some());
    assert_eq!(app.count("SELECT count(*) FROM picture_uses").await, 1);
    let nil = app.values("SELECT subject AS value FROM picture_uses").await;
    assert!(nil[0].starts_with("project:"), "{nil:?}");
    app.finish().await;
}
