//! People on pages: the name first, and the login second except on boards, and what is not shown of minors.

use identity::{actions::protect_minor, model::Role};

use super::{html, server};
use crate::app::TestApp;

/// Gives a person a name.
async fn named(app: &TestApp, login: &str, name: &str) {
    let saved = app.browser_of(login).await.post("/settings/profile", &[("name", name)]).await;
    saved.location();
}

async fn protect(app: &TestApp, login: &str) {
    let person = app.person_id(login).await;
    let tx = app.context().begin().await.expect("a transaction");
    protect_minor(&tx, app.context(), person.into(), true).await.expect("set");
    tx.commit().await.expect("committed");
}

/// Returns a link to a person with a name, as sentences have it.
fn link(login: &str, name: &str) -> String {
    format!("href=\"/people/{login}\"><bdi>{name}</bdi></a>")
}

#[tokio::test]
async fn boards_and_the_front_show_the_name_and_searches_the_login_second() {
    let app = server().await;
    named(&app, "wren-oak", "Wren <Oak>").await;
    let login = "<span class=\"meta\"><bdi>wren-oak</bdi></span>";
    for path in ["/", "/leaderboards", "/leaderboards/projects/lantern"] {
        let page = html(&app, path).await;
        let named = link("wren-oak", "Wren &#60;Oak&#62;");
        let (name, login) = (page.find(&named), page.find(login));
        assert!(name.is_some() && (login.is_none() || name < login), "{path}: {page}");
        assert!(path == "/" || login.is_none(), "the name stands for the login: {path}: {page}");
        assert!(page.contains(&link("finch-ash", "finch-ash")), "{path}: {page}");
        let face = "/pictures/drawn/1/person/wren-oak.";
        assert!(page.contains(face), "who has no picture has a drawn one: {page}");
    }
    for text in ["wren-o", "Wren%20%3Coak", "wren-oka"] {
        let page = html(&app, &format!("/search?q={text}")).await;
        assert!(page.contains(&link("wren-oak", "Wren &#60;Oak&#62;")), "{text}: {page}");
        assert!(page.contains(login), "{text}: {page}");
    }
    let card = app.get("/leaderboards/card.svg").send().await.expect("an answer");
    assert!(card.text().await.expect("a picture").contains("Wren &#60;Oak&#62;"));
    let csv = app.get("/leaderboards/board.csv").send().await.expect("an answer");
    let csv = csv.text().await.expect("CSV");
    assert!(csv.contains("wren-oak") && !csv.contains("Oak>"), "files have logins: {csv}");
    app.finish().await;
}

#[tokio::test]
async fn the_header_and_today_call_a_person_by_name() {
    let app = server().await;
    let browser = app.browser_of("wren-oak").await;
    let before = browser.get("/").await.text;
    assert!(before.contains("<bdi>wren-oak</bdi></h1>"), "{before}");
    assert!(before.contains("Signed in as wren-oak, account menu"), "{before}");
    named(&app, "wren-oak", "Wren Alder Oak").await;
    let page = browser.get("/").await.text;
    assert!(page.contains("<bdi>Wren</bdi></h1>"), "{page}");
    assert!(page.contains("Signed in as Wren Alder Oak, account menu"), "{page}");
    assert!(page.contains("<b><bdi>Wren Alder Oak</bdi></b>"), "{page}");
    // The header of a page that is cached for everyone.
    let projects = browser.get("/projects").await.text;
    assert!(projects.contains("<b><bdi>Wren Alder Oak</bdi></b>"), "{projects}");
    let ranks = browser.get("/leaderboards").await.text;
    assert!(ranks.contains("<bdi>You</bdi></a>"), "{ranks}");
    protect(&app, "wren-oak").await;
    let page = browser.get("/projects").await.text;
    assert!(page.contains("class=\"whoami\" href=\"/settings/profile\""), "{page}");
    assert!(page.contains("<b><bdi>Wren</bdi></b>"), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn minors_have_a_first_name_and_neither_a_picture_nor_a_link() {
    let app = server().await;
    named(&app, "wren-oak", "Wren Oak").await;
    let picture = "UPDATE users SET picture = '/pictures/of-wren.webp' WHERE login = 'wren-oak'";
    app.change(picture).await.expect("changed");
    let shown = html(&app, "/leaderboards?rank=1").await;
    assert!(shown.contains("src=\"/pictures/of-wren.webp\""), "{shown}");
    protect(&app, "wren-oak").await;
    app.change(picture).await.expect("changed");
    for path in ["/", "/leaderboards", "/leaderboards/projects/lantern", "/projects/lantern"] {
        let page = html(&app, path).await;
        for hidden in ["href=\"/people/wren-oak\"", "Wren Oak", "/pictures/of-wren.webp"] {
            assert!(!page.contains(hidden), "{path}: {hidden}: {page}");
        }
    }
    assert!(html(&app, "/leaderboards").await.contains("<bdi>Wren</bdi>"));
    let card = app.get("/leaderboards/card.svg").send().await.expect("an answer");
    let card = card.text().await.expect("a picture");
    assert!(!card.contains("Wren") && card.contains("(not shown)"), "{card}");
    for text in ["wren-oak", "Wren", "wren-oka"] {
        let page = html(&app, &format!("/search?q={text}")).await;
        assert!(!page.contains("/people/wren-oak"), "{text}: {page}");
    }
    let admin = app.browser_with("admin", Role::Admin).await;
    let suggested = admin.get("/suggestions/people?q=wren").await.text;
    assert!(!suggested.contains("wren-oak"), "{suggested}");
    app.finish().await;
}

#[tokio::test]
async fn maintainers_and_reviewers_are_shown_by_name() {
    let app = server().await;
    app.know_reviewer("lantern", "rook-ash").await;
    named(&app, "rook-ash", "Rook Ash").await;
    named(&app, "rook-elm", "Rook Elm").await;
    let maintainer = app.browser_of("rook-ash").await;
    let login = |login: &str| format!("<span class=\"meta\"><bdi>{login}</bdi></span>");
    let project = html(&app, "/projects/lantern").await;
    assert!(project.contains(&link("rook-ash", "Rook Ash")), "{project}");
    for (path, person, name) in [
        ("/projects/lantern/maintainers", "rook-ash", "Rook Ash"),
        ("/projects/lantern/contributors", "rook-elm", "Rook Elm"),
        ("/projects/lantern/reviews", "rook-elm", "Rook Elm"),
        ("/pull-requests/octo-org/lantern/3", "rook-elm", "Rook Elm"),
    ] {
        let page = maintainer.get(path).await.text;
        assert!(page.contains(&link(person, name)), "{path}: {page}");
        assert!(page.contains(&login(person)), "{path}: {page}");
    }
    let admin = app.browser_with("admin", Role::Admin).await;
    let people = admin.get("/admin/people").await.text;
    assert!(people.contains("<bdi>Rook Elm</bdi>") && people.contains(&login("rook-elm")));
    app.finish().await;
}

#[tokio::test]
async fn a_display_name_is_not_that_of_a_minor_in_forms() {
    let app = server().await;
    named(&app, "wren-oak", "Wren Oak").await;
    let db = &app.context().db;
    let found = identity::reads::find_named(db, "Wren Oak").await.expect("a person");
    assert_eq!(found.login, "wren-oak");
    protect(&app, "wren-oak").await;
    assert!(identity::reads::find_named(db, "Wren Oak").await.is_err());
    assert!(identity::reads::suggested_people(db, "Wren", 9).await.expect("people").is_empty());
    app.finish().await;
}
