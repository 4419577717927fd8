//! The frame of pages: the header's entries, the account menu, side lists, the theme and the manifest.

use identity::model::Role;

use crate::app::{TestApp, browser::Browser};

/// Returns the part of a page between two texts.
fn between<'a>(page: &'a str, begin: &str, end: &str) -> &'a str {
    let rest = page.split_once(begin).unwrap_or_else(|| panic!("no {begin} in {page}")).1;
    rest.split_once(end).expect("an end").0
}

#[tokio::test]
async fn the_header_has_the_same_five_entries_for_everyone() {
    let app = TestApp::start().await;
    let visitor = Browser::new(&app);
    let person = app.browser_of("wren-oak").await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    for browser in [&visitor, &person, &admin] {
        for path in ["/projects", "/seasons", "/nothing"] {
            let page = browser.get(path).await.text;
            let main = between(&page, "<nav aria-label=\"Main\">", "</nav>");
            let addresses: Vec<&str> =
                main.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            let entries = ["/", "/discover", "/projects", "/events", "/leaderboards"];
            assert_eq!(addresses, entries, "{path}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn an_entry_is_current_on_the_pages_below_it() {
    let app = TestApp::start().await;
    app.project("lantern").await;
    let browser = Browser::new(&app);
    for (path, entry) in [
        ("/projects/lantern/rules", "/projects"),
        ("/seasons", "/events"),
        ("/hackathons", "/events"),
        ("/events", "/events"),
        ("/leaderboards/months", "/leaderboards"),
    ] {
        let page = browser.get(path).await.text;
        let main = between(&page, "<nav aria-label=\"Main\">", "</nav>");
        let current = format!("href=\"{entry}\" aria-current=\"page\"");
        assert!(main.contains(&current), "{path}: {main}");
        assert_eq!(main.matches("aria-current").count(), 1, "{path}: {main}");
    }
    app.finish().await;
}

#[tokio::test]
async fn the_account_menu_shows_admin_only_to_those_who_may() {
    let app = TestApp::start().await;
    for (login, role, shown) in [
        ("wren-oak", Role::User, false),
        ("jay-yew", Role::Moderator, true),
        ("finch-ash", Role::Admin, true),
    ] {
        let page = app.browser_with(login, role).await.get("/projects").await.text;
        let menu = between(&page, "<details class=\"account\">", "</details>");
        assert_eq!(menu.contains("href=\"/admin\""), shown, "{login}: {menu}");
        let order = ["/people/", "/settings", "action=\"/theme\"", "action=\"/sign-out\""];
        let places: Vec<_> = order.iter().map(|part| menu.find(part).expect("there")).collect();
        assert!(places.is_sorted(), "{login}: {places:?}");
    }
    app.finish().await;
}

#[tokio::test]
async fn signing_in_returns_to_the_page() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let begin = "href=\"/sign-in";
    let link = |page: &str| between(page, begin, "\"").to_owned();
    assert_eq!(link(&browser.get("/projects").await.text), "?return=%2Fprojects");
    // What the page does not read is no part of what is cached for everyone.
    assert_eq!(link(&browser.get("/guides?from=mail").await.text), "?return=%2Fguides");
    let kept = link(&browser.get("/projects?archived=true&from=mail").await.text);
    assert_eq!(kept, "?return=%2Fprojects%3Farchived%3Dtrue");
    assert_eq!(link(&browser.get("/").await.text), "");
    app.finish().await;
}

#[tokio::test]
async fn a_theme_is_kept_by_the_browser_or_with_the_person() {
    let app = TestApp::start().await;
    let visitor = Browser::new(&app);
    let dark = "<html lang=\"en\" data-theme=\"dark\">";
    let plain = "<html lang=\"en\">";
    let pages = ["/projects", "/", "/seasons"];
    visitor.post("/theme", &[("theme", "dark")]).await.location();
    for path in pages {
        assert!(visitor.get(path).await.text.contains(dark), "{path}");
        assert!(Browser::new(&app).get(path).await.text.contains(plain), "{path}");
    }
    visitor.post("/theme", &[("theme", "device")]).await.location();
    assert!(visitor.get("/projects").await.text.contains(plain));
    let person = app.browser_of("wren-oak").await;
    person.post("/theme", &[("theme", "dark")]).await.location();
    let elsewhere = app.browser_of("wren-oak").await;
    for path in pages {
        assert!(elsewhere.get(path).await.text.contains(dark), "{path}");
    }
    let wrong = person.post("/theme", &[("theme", "neon")]).await;
    assert_eq!(wrong.status, 422, "{}", wrong.text);
    assert!(elsewhere.get("/theme").await.text.contains("value=\"dark\" aria-pressed=\"true\""));
    app.finish().await;
}

#[tokio::test]
async fn settings_and_admin_pages_have_a_side_list() {
    let app = TestApp::start().await;
    let browser = app.browser_with("finch-ash", Role::Admin).await;
    for (path, name) in [("/settings/tokens", "Settings"), ("/admin/flags", "Admin")] {
        let page = browser.get(path).await.text;
        let side = between(&page, "<details class=\"sidelist no-print\">", "</details>");
        assert!(side.contains(&format!("<nav aria-label=\"{name}\">")), "{side}");
        assert!(side.contains(&format!("href=\"{path}\" aria-current=\"page\"")), "{side}");
        assert!(side.matches("<li>").count() <= ui::side::MOST_ENTRIES, "{side}");
        assert!(!page.contains("class=\"tabs"), "{page}");
    }
    app.finish().await;
}

#[tokio::test]
async fn the_manifest_installs_the_pages() {
    let app = TestApp::start().await;
    let answer = app.get("/manifest.webmanifest").send().await.expect("an answer");
    assert_eq!(answer.headers()["content-type"], "application/manifest+json");
    let manifest: serde_json::Value = answer.json().await.expect("JSON");
    assert_eq!((&manifest["start_url"], &manifest["scope"]), (&"/".into(), &"/".into()));
    let icon = manifest["icons"][0]["src"].as_str().expect("an icon").to_owned();
    assert_eq!(app.get(&icon).send().await.expect("an answer").status(), 200);
    let page = Browser::new(&app).get("/projects").await;
    assert!(page.text.contains("<link rel=\"manifest\" href=\"/manifest.webmanifest\">"));
    assert!(page.header("content-security-policy").contains("manifest-src 'self'"));
    app.finish().await;
}
