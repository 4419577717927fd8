//! Drafts and results of seasons wait for their organizers, and seasons that run are on the home page.

use super::*;

#[tokio::test]
async fn a_season_waits_for_its_organizers_as_a_draft_and_after_its_end() {
    let app = TestApp::of_lantern().await;
    app.browser_of("wren-oak").await;
    app.draft_season(october()).await;
    add_organizer(app.context(), Operator, AUTUMN, "wren-oak").await.expect("added");
    let draft = app.waits("wren-oak", "season_draft").await;
    assert_eq!(draft["address"], "/seasons/autumn/edit");
    app.is_done("finch-ash", "season_draft").await;

    publish_season(app.context(), Operator, AUTUMN).await.expect("published");
    app.is_done("wren-oak", "season_draft").await;
    let results = app.waits("wren-oak", "sign_off").await;
    assert_eq!(results["address"], "/seasons/autumn/sign-off");
    assert_eq!(results["due"], "2026-11-15T00:00:00Z");
    app.work().await;
    app.clock.set(crate::app::at("2026-11-08T12:00:00Z"));
    app.work().await;
    sign_off_season(app.context(), Operator, AUTUMN).await.expect("signed off");
    app.is_done("wren-oak", "sign_off").await;
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_running_season_shows_the_own_progress() {
    let app = TestApp::of_lantern().await;
    let details =
        SeasonInput { last_day: Some("2026-11-30".to_owned()), goal: Some(2), ..october() };
    app.season(details).await;
    let wren = app.browser_of("wren-oak").await;
    let page = wren.get("/").await.text;
    assert!(page.contains("Take part in Autumn") && page.contains("Running now"), "{page}");
    app.registers("wren-oak").await;
    let pull = merged(1, "wren-oak", "2026-10-28T08:00:00Z");
    app.deliver_all(&[&pull]).await;
    let page = wren.get("/").await.text;
    assert!(page.contains("1 of 2 merged"), "{page}");
    assert!(page.contains("href=\"/seasons/autumn\""), "{page}");
    let finch = app.browser_of("finch-ash").await;
    add_organizer(app.context(), Operator, AUTUMN, "finch-ash").await.expect("added");
    let page = finch.get("/").await.text;
    assert!(page.contains("You organize it, 1 merged"), "{page}");
    assert!(page.contains("Closes on <time datetime=\"2026-11-30\">Mon 30 Nov</time>"), "{page}");
    app.finish().await;
}
