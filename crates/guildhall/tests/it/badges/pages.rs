//! The public pages of badges, and the panels on the home page and on profiles.

use recognition::rules::badges::Criteria;

use super::merged;
use crate::app::TestApp;

async fn page(app: &TestApp, path: &str) -> String {
    let response = app.get(path).send().await.expect("an answer");
    assert_eq!(response.status(), 200, "{path}");
    response.text().await.expect("text")
}

#[tokio::test]
async fn a_badge_shows_its_criteria_share_and_holders() {
    let app = TestApp::of_lantern().await;
    app.work().await;
    let empty = page(&app, "/badges/first-merge").await;
    assert!(empty.contains("No one has this badge yet"), "{empty}");
    let pulls = [merged(1, "hexacat", 1), merged(2, "monacat", 2)];
    app.deliver_all(&pulls.iter().collect::<Vec<_>>()).await;
    let list = page(&app, "/badges").await;
    for words in ["First merge", "Have a pull request merged.", "Legendary", "100%"] {
        assert!(list.contains(words), "{words}: {list}");
    }
    let badge = page(&app, "/badges/first-merge").await;
    for words in [
        "/people/hexacat",
        "/people/monacat",
        "of people with points",
        "Only contributions that the rules do not exclude count",
        "/badges/first-merge/image.svg)](",
        "<dd>Common</dd>",
    ] {
        assert!(badge.contains(words), "{words}: {badge}");
    }
    app.refuses("/api/v1/badges/none", 404, "NOT_FOUND", "Unknown badge 'none'").await;
    app.finish().await;
}

#[tokio::test]
async fn the_image_is_svg_with_the_name_of_the_badge() {
    let app = TestApp::start().await;
    app.badge("hand", Criteria::Manual).await;
    app.change("UPDATE badges SET name = 'Hand <b>&' WHERE slug = 'hand'").await.expect("renamed");
    let manual = page(&app, "/badges/hand").await;
    assert!(!manual.contains("do not exclude"), "{manual}");
    let path = "/badges/hand/image.svg";
    let response = app.get(path).send().await.expect("an answer");
    assert_eq!(response.headers()["content-type"], "image/svg+xml");
    let svg = response.text().await.expect("SVG");
    assert!(svg.starts_with("<svg "), "{svg}");
    assert!(svg.contains("<title>Hand &#60;b&#62;&#38; (Rare)</title>"), "{svg}");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn the_page_of_badges_shows_own_ones_and_the_progress_toward_others() {
    let app = TestApp::of_lantern().await;
    let pulls = [merged(1, "hexacat", 1), merged(2, "hexacat", 2)];
    app.deliver_all(&pulls.iter().collect::<Vec<_>>()).await;
    let own = app.browser_of("hexacat").await.get("/badges").await.text;
    for words in
        ["Your badges", "First merge", "Ten merged", "2 of 10 merged", "1 of 3 months in a row"]
    {
        assert!(own.contains(words), "{words}: {own}");
    }
    let profile = page(&app, "/people/hexacat").await;
    assert!(profile.contains("First merge"), "{profile}");
    assert!(!profile.contains("of 10 merged"), "{profile}");
    let stranger = app.browser_of("monacat").await.get("/badges").await.text;
    assert!(stranger.contains("No badges yet. The first merged"), "{stranger}");
    let visitor = page(&app, "/badges").await;
    assert!(!visitor.contains("Your badges"), "{visitor}");
    app.finish().await;
}
