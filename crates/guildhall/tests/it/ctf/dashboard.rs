//! The dashboard of a roster.

use chrono::TimeDelta;

use super::figures::Solve;
use crate::app::TestApp;

/// A roster of `coach` with two competitors who solved something and one who is not on the platform.
async fn scene(app: &TestApp) -> String {
    let (_, roster) = app.roster("coach").await;
    let ada = app.competitor(roster, "Ada", "Quill").await;
    let ben = app.competitor(roster, "=Ben", "Marsh").await;
    app.competitor(roster, "Cleo", "Vane").await;
    app.on_platform(ada, (2, 300)).await;
    app.on_platform(ben, (1, 400)).await;
    app.solved(ada, Solve::new("Salted Harbor", "cryptography", 200, 2))
        .await;
    app.solved(
        ada,
        Solve::new("Half a Packet", "networking", 100, 20).flash(),
    )
    .await;
    app.solved(ben, Solve::new("Cellar Door", "web", 400, 40))
        .await;
    app.took_part(ada, "October Flash", 250, 20).await;
    app.took_part(ada, "September Flash", 100, 50).await;
    format!("/ctf/rosters/{roster}")
}

#[tokio::test]
async fn the_totals_are_those_of_the_stored_solves_in_the_range() {
    let app = TestApp::start().await;
    let address = scene(&app).await;
    let browser = app.browser_of("coach").await;
    for (query, points, solves) in [
        ("", "300", "1 on demand, 1 in Flash CTFs"),
        ("?days=7", "200", "1 on demand, 0 in Flash CTFs"),
        ("?days=90", "700", "2 on demand, 1 in Flash CTFs"),
    ] {
        let page = browser.get(&format!("{address}{query}")).await;
        assert_eq!(page.status.as_u16(), 200, "{}", page.text);
        let shown = format!("<dt>Points</dt><dd>{points}</dd>");
        assert!(page.text.contains(&shown), "{query}: {}", page.text);
        assert!(page.text.contains(solves), "{query}: {}", page.text);
        assert!(
            page.text.contains("last synced 1 hour ago"),
            "{}",
            page.text
        );
    }
    let page = browser.get(&address).await;
    assert!(
        page.text
            .contains("1 competitor is not on the game platform."),
        "{}",
        page.text
    );
    assert!(
        page.text.contains("25 %") && page.text.contains("up from 10 %"),
        "{}",
        page.text
    );
    let custom = browser
        .get(&format!("{address}?from=2026-09-15&to=2026-09-25"))
        .await;
    assert!(
        custom.text.contains("<dt>Points</dt><dd>400</dd>"),
        "{}",
        custom.text
    );
    let wrong = browser.get(&format!("{address}?days=8")).await;
    wrong.refuses(400, "BAD_QUERY", "Choose 7, 30 or 90 days");
    app.finish().await;
}

#[tokio::test]
async fn vanished_solves_do_not_count() {
    let app = TestApp::start().await;
    let address = scene(&app).await;
    let sql =
        "UPDATE game_platform_challenge_solves SET vanished_at = created_at WHERE points = 200";
    app.change(sql).await.expect("as the sync does");
    let browser = app.browser_of("coach").await;
    let page = browser.get(&address).await;
    assert!(
        page.text.contains("<dt>Points</dt><dd>100</dd>"),
        "{}",
        page.text
    );
    app.finish().await;
}

#[tokio::test]
async fn the_file_has_the_rows_of_the_table() {
    let app = TestApp::start().await;
    let address = scene(&app).await;
    let browser = app.browser_of("coach").await;
    let file = browser
        .get(&format!("{address}/dashboard.csv?days=90&sort=points"))
        .await;
    let lines: Vec<&str> = file.text.lines().collect();
    assert_eq!(lines.len(), 4, "{}", file.text);
    assert!(
        lines[1].starts_with("\"'=Ben Marsh\",\"\",\"11\",400,1,0,"),
        "{}",
        lines[1]
    );
    assert!(
        lines[2].starts_with("\"Ada Quill\",\"\",\"11\",300,2,1,"),
        "{}",
        lines[2]
    );
    assert!(lines[3].contains("Not on the platform"), "{}", lines[3]);
    let filtered = browser
        .get(&format!("{address}/dashboard.csv?alert=unsynced"))
        .await;
    assert_eq!(filtered.text.lines().count(), 2, "{}", filtered.text);
    let page = browser.get(&format!("{address}?alert=unsynced")).await;
    assert!(
        page.text.contains("1 competitor of 3 match the filter"),
        "{}",
        page.text
    );
    app.finish().await;
}

#[tokio::test]
async fn other_coaches_and_strangers_find_nothing() {
    let app = TestApp::start().await;
    let address = scene(&app).await;
    app.roster("other").await;
    for login in ["other", "stranger"] {
        let browser = app.browser_of(login).await;
        for path in [address.clone(), format!("{address}/dashboard.csv")] {
            let answer = browser.get(&path).await;
            assert_eq!(answer.status.as_u16(), 404, "{login} {path}");
            assert!(!answer.text.contains("Quill"), "{}", answer.text);
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn old_figures_are_marked_and_empty_rosters_say_so() {
    let app = TestApp::start().await;
    let (_, empty) = app.roster("newcomer").await;
    let browser = app.browser_of("newcomer").await;
    let page = browser.get(&format!("/ctf/rosters/{empty}")).await;
    assert!(page.text.contains("No competitors yet"), "{}", page.text);
    let ada = app.competitor(empty, "Ada", "Quill").await;
    app.on_platform(ada, (0, 0)).await;
    let page = browser.get(&format!("/ctf/rosters/{empty}")).await;
    assert!(
        page.text.contains("No challenges completed yet"),
        "{}",
        page.text
    );
    app.clock.advance(TimeDelta::hours(13));
    let browser = app.browser_of("newcomer").await;
    let page = browser.get(&format!("/ctf/rosters/{empty}")).await;
    assert!(
        page.text.contains("14 hours old") || page.text.contains("No scores are fetched."),
        "{}",
        page.text
    );
    app.finish().await;
}
