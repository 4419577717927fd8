//! The name and the picture of the community: `/setup/community`.

use identity::{actions::take_down_picture, model::Role};
use platform::{audit::Actor::Operator, config::Config, db::Sql as _};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    app::{TestApp, browser::Browser},
    pictures::picture,
};

const PAGE: &str = "/setup/community";
const NAME: (&str, &str) = ("community_name", "Fenwick Commons");

/// Returns the saved texts of keys.
async fn saved(app: &TestApp) -> Vec<String> {
    let sql =
        "SELECT name || '=' || value AS value FROM settings WHERE value IS NOT NULL ORDER BY name";
    app.values(sql).await
}

async fn uploads(app: &TestApp) -> Vec<Uuid> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let db = &app.context().db;
    let sql = "SELECT id FROM picture_uses WHERE subject = 'community:banner'";
    let rows: Vec<Row> = db.all(db.statement(sql, [])).await.expect("read");
    rows.into_iter().map(|row| row.id).collect()
}

#[tokio::test]
async fn visitors_see_what_was_saved() {
    let app = TestApp::following(|_| {}).await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let page = admin.get(PAGE).await.text;
    assert!(page.contains(&format!("value=\"{}\"", app.url)), "the address is proposed: {page}");
    for part in ["Step 2 of 6", "value=\"guildhall-2\"", "name=\"picture\""] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let form = [
        NAME,
        ("community_description", " Open tools for\nsmall harbors.  Come and make some. "),
        ("community_contact", "https://fenwick.example/contact"),
        ("community_picture", "guildhall-2"),
        ("public_url", &*app.url),
        ("based_on", "0"),
    ];
    let path = admin.post(PAGE, &form).await.location().to_owned();
    assert!(path.starts_with("/setup/"), "{path}");
    let expected = [
        "community_contact=https://fenwick.example/contact".to_owned(),
        "community_description=Open tools for small harbors. Come and make some.".to_owned(),
        "community_name=Fenwick Commons".to_owned(),
        "community_picture=guildhall-2".to_owned(),
        format!("public_url={}", app.url),
    ];
    assert_eq!(saved(&app).await, expected);
    let front = Browser::new(&app).get("/").await.text;
    for part in ["Fenwick Commons", "<strong>Come and make some.</strong>", "banner-pic"] {
        assert!(front.contains(part), "{part}: {front}");
    }
    app.finish().await;
}

#[tokio::test]
async fn an_uploaded_picture_stays_until_another_is_chosen_or_a_moderator_removes_it() {
    let app = TestApp::following(|_| {}).await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let upload = async |color: [u8; 3], based_on: &str| {
        let fields = [NAME, ("based_on", based_on)];
        let sent = admin.upload_picture(PAGE, &fields, &picture(color)).await;
        sent.location();
        let rows = saved(&app).await;
        let row = rows.iter().find_map(|row| row.strip_prefix("community_picture="));
        row.expect("a picture").to_owned()
    };
    let path = upload([20, 90, 60], "0").await;
    assert!(path.starts_with("/pictures/"), "{path}");
    assert_eq!(Browser::new(&app).get(&path).await.status, 200);
    assert_eq!(uploads(&app).await.len(), 1);
    assert!(admin.get(PAGE).await.text.contains(&format!("value=\"{path}\"")));
    let keep = [NAME, ("community_picture", &*path), ("based_on", "1")];
    admin.post(PAGE, &keep).await.location();
    assert_eq!(uploads(&app).await.len(), 1, "it is chosen again");
    let foreign = [NAME, ("community_picture", "/pictures/another.jpg"), ("based_on", "1")];
    admin.post(PAGE, &foreign).await.location();
    assert!(saved(&app).await.contains(&format!("community_picture={path}")));

    let drawn = [NAME, ("community_picture", "fenwick-commons-3"), ("based_on", "1")];
    admin.post(PAGE, &drawn).await.location();
    assert!(uploads(&app).await.is_empty());
    upload([90, 20, 60], "2").await;
    let id = uploads(&app).await[0];
    let modules = guildhall::MODULES;
    let taken = take_down_picture(app.context(), modules, Operator, id, "Not ours");
    taken.await.expect("removed");
    assert!(saved(&app).await.iter().all(|row| !row.starts_with("community_picture=")));
    app.finish().await;
}

#[tokio::test]
async fn no_picture_is_kept_of_a_form_that_is_refused() {
    let app = TestApp::following(|_| {}).await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let fields =
        [("community_name", ""), ("community_description", "Open tools."), ("based_on", "0")];
    let refused = admin.upload_picture(PAGE, &fields, &picture([1, 2, 3])).await;
    refused.refuses_form(422, Some("community_name"), "Enter");
    assert!(refused.text.contains("Open tools."), "{}", refused.text);
    let refused = admin.upload_picture(PAGE, &[NAME, ("based_on", "0")], b"no picture").await;
    assert_eq!(refused.status, 422);
    assert_eq!((saved(&app).await, uploads(&app).await), (vec![], vec![]));
    app.finish().await;
}

#[tokio::test]
async fn the_values_of_another_admin_are_shown_beside_those_that_were_typed() {
    let app = TestApp::following(|_| {}).await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let other = app.browser_with("rook-elm", Role::Admin).await;
    let form = [("community_name", "Bee"), ("based_on", "0")];
    other.post(PAGE, &form).await.location();
    let late = admin.post(PAGE, &[NAME, ("based_on", "0")]).await;
    late.refuses_form(409, None, "saved other settings");
    for part in ["Saved meanwhile: <bdi>Bee</bdi>", "value=\"Fenwick Commons\"", "rook-elm"] {
        assert!(late.text.contains(part), "{part}: {}", late.text);
    }
    assert!(late.text.contains("name=\"based_on\" value=\"1\""), "{}", late.text);
    admin.post(PAGE, &[NAME, ("based_on", "1")]).await.location();
    assert_eq!(saved(&app).await, ["community_name=Fenwick Commons"]);
    app.finish().await;
}

#[tokio::test]
async fn what_the_environment_sets_is_shown_and_stays() {
    let environment = [("GUILDHALL_COMMUNITY_NAME".to_owned(), "Fenwick".to_owned())];
    let loaded = Config::load(&environment.into(), &Default::default()).expect("read");
    let app = TestApp::following(|config| config.settings = loaded.settings).await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let page = admin.get(PAGE).await.text;
    let says = "Set by GUILDHALL_COMMUNITY_NAME in the environment of the server.";
    assert!(page.contains(says), "{page}");
    let form = [("community_contact", "hall@fenwick.example"), ("based_on", "0")];
    admin.post(PAGE, &form).await.location();
    assert_eq!(saved(&app).await, ["community_contact=hall@fenwick.example"]);
    app.finish().await;
}
