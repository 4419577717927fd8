//! The report card of a competitor.

use ctf::model::{CompetitorId, RosterId};

use super::figures::Solve;
use crate::app::{TestApp, at};

/// A competitor of `coach` with solves.
async fn scene(app: &TestApp) -> (RosterId, CompetitorId) {
    let (_, roster) = app.roster("coach").await;
    let ada = app.competitor(roster, "Ada", "Quill").await;
    app.on_platform(ada, (4, 700)).await;
    app.solved(ada, Solve::new("Salted Harbor", "cryptography", 200, 2)).await;
    app.solved(ada, Solve::new("Under Lock", "cryptography", 200, 3)).await;
    app.solved(ada, Solve::new("=Old Rope", "web", 100, 20)).await;
    app.solved(ada, Solve::new("Half a Packet", "networking", 100, 20).flash()).await;
    app.took_part(ada, "October Flash", 250, 20).await;
    (roster, ada)
}

#[tokio::test]
async fn the_card_shows_what_is_stored() {
    let app = TestApp::start().await;
    let (_, ada) = scene(&app).await;
    let browser = app.browser_of("coach").await;
    let page = browser.get(&format!("/ctf/competitors/{ada}")).await;
    assert_eq!(page.status.as_u16(), 200, "{}", page.text);
    for words in [
        "<dt>Points, 90 days</dt><dd>600</dd>",
        "2 solves in the last 14 days, 2 in the 14 days before.",
        "October Flash",
        "Digital Forensics",
        "ZZ-<wbr>1",
        "Different",
        "No comparison",
    ] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    assert!(!page.text.contains("strongest domain"), "two solves say little: {}", page.text);
    app.solved(ada, Solve::new("Third Key", "cryptography", 200, 20)).await;
    let page = browser.get(&format!("/ctf/competitors/{ada}")).await.text;
    let words = "Cryptography is the strongest domain, with 75 % of all points.";
    assert!(page.contains(words), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn solves_are_filtered_sorted_and_marked() {
    let app = TestApp::start().await;
    let (_, ada) = scene(&app).await;
    let sql = "UPDATE game_platform_challenge_solves SET vanished_at = created_at WHERE title = 'Under Lock'";
    app.change(sql).await.expect("as the sync does");
    let address = format!("/ctf/competitors/{ada}");
    let browser = app.browser_of("coach").await;
    let page = browser.get(&format!("{address}?domain=cryptography")).await;
    assert!(page.text.contains("No longer stated, not counted"), "{}", page.text);
    assert!(page.text.contains("2 solves in Cryptography"), "{}", page.text);
    assert!(!page.text.contains("Half a Packet"), "{}", page.text);
    let file = browser.get(&format!("{address}/solves.csv?sort=points&domain=cryptography")).await;
    assert_eq!(file.text.lines().count(), 3, "{}", file.text);
    let file = browser.get(&format!("{address}/solves.csv")).await;
    let lines: Vec<&str> = file.text.lines().collect();
    assert_eq!(lines.len(), 5, "{}", file.text);
    assert!(lines[1].starts_with("\"Salted Harbor\",\"Cat\",\"Cryptography\""), "{}", lines[1]);
    assert!(file.text.contains("\"'=Old Rope\""), "{}", file.text);
    app.finish().await;
}

#[tokio::test]
async fn the_ninety_days_are_those_of_the_roster() {
    let app = TestApp::start().await;
    let (roster, ada) = scene(&app).await;
    // It is 20:00 of November 23 in Chicago; the 90 days begin on August 26, 05:00 UTC.
    app.clock.set(at("2026-11-24T02:00:00Z"));
    app.solved_at("Salted Harbor", at("2026-08-26T05:00:00Z")).await;
    app.solved_at("Under Lock", at("2026-08-26T04:59:00Z")).await;
    let browser = app.browser_of("coach").await;
    let card = browser.get(&format!("/ctf/competitors/{ada}")).await.text;
    // Salted Harbor and the two of October.
    assert!(card.contains("<dt>Points, 90 days</dt><dd>400</dd>"), "{card}");
    let page = format!("/ctf/rosters/{roster}?days=90");
    let dashboard = browser.get(&page).await.text;
    assert!(dashboard.contains("<dt>Points</dt><dd>400</dd>"), "{dashboard}");
    app.finish().await;
}

#[tokio::test]
async fn another_coach_finds_no_student_and_an_admin_is_recorded() {
    let app = TestApp::start().await;
    let (_, ada) = scene(&app).await;
    app.roster("other").await;
    let address = format!("/ctf/competitors/{ada}");
    let other = app.browser_of("other").await;
    for path in [address.clone(), format!("{address}/solves.csv")] {
        let answer = other.get(&path).await;
        assert_eq!(answer.status.as_u16(), 404, "{}", answer.text);
        assert!(!answer.text.contains("Quill"), "{}", answer.text);
    }
    let reads = "SELECT count(*) FROM audit_logs WHERE action = 'ctf_competitor.read'";
    app.browser_of("coach").await.get(&address).await;
    assert_eq!(app.count(reads).await, 0, "coaches read their own students");
    let admin = app.browser_with("admin", identity::model::Role::Admin).await.get(&address).await;
    assert_eq!(admin.status.as_u16(), 200, "{}", admin.text);
    assert_eq!(app.count(reads).await, 1);
    app.finish().await;
}

#[tokio::test]
async fn competitors_see_their_own_card() {
    let app = TestApp::start().await;
    let (_, ada) = scene(&app).await;
    let person = app.ctf_person("ada").await;
    let sql = match app.context().db.engine() {
        platform::db::Engine::Sqlite => {
            format!(
                "UPDATE competitors SET user_id = x'{}' WHERE first_name = 'Ada'",
                person.0.simple()
            )
        }
        platform::db::Engine::Postgres => {
            format!("UPDATE competitors SET user_id = '{person}' WHERE first_name = 'Ada'")
        }
    };
    app.change(&sql).await.expect("as when they join");
    let browser = app.browser_of("ada").await;
    let page = browser.get("/ctf/me/report").await;
    assert!(page.text.contains("Your report card"), "{}", page.text);
    assert!(page.text.contains("/ctf/me/report/solves.csv"), "{}", page.text);
    let file = browser.get("/ctf/me/report/solves.csv").await;
    assert_eq!(file.text.lines().count(), 5, "{}", file.text);
    let card = browser.get(&format!("/ctf/competitors/{ada}")).await;
    assert_eq!(card.status.as_u16(), 404, "that page is for coaches");
    app.finish().await;
}

#[tokio::test]
async fn peers_are_shown_from_ten_competitors_in_three_rosters() {
    let app = TestApp::start().await;
    let (roster, ada) = scene(&app).await;
    let (_, second) = app.roster("second").await;
    let (_, third) = app.roster("third").await;
    for number in 0..8_i64 {
        let to = if number % 2 == 0 { second } else { third };
        let peer = app.competitor(to, "Peer", "Secret").await;
        app.solved(peer, Solve::new("Elsewhere", "forensics", 100 + number, 5)).await;
    }
    let address = format!("/ctf/competitors/{ada}");
    let browser = app.browser_of("coach").await;
    assert_eq!(app.run_schedule("CtfDivisionFigures").await, "0 comparisons");
    let page = browser.get(&address).await;
    assert!(page.text.contains("No comparison"), "nine are too few: {}", page.text);
    let tenth = app.competitor(third, "Peer", "Secret").await;
    app.solved(tenth, Solve::new("Elsewhere", "forensics", 300, 5)).await;
    assert_eq!(app.run_schedule("CtfDivisionFigures").await, "3 comparisons");
    for path in [address, format!("/ctf/rosters/{roster}?days=90")] {
        let page = browser.get(&path).await;
        assert!(
            page.text.contains("10 competitors in 3 rosters of the division high school"),
            "{}",
            page.text
        );
        assert!(page.text.contains("Forensics: 0 points"), "{}", page.text);
        assert!(!page.text.contains("Secret"), "no names of others: {}", page.text);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_solve_of_both_counts_once_and_makes_no_difference() {
    let app = TestApp::start().await;
    let (_, ada) = scene(&app).await;
    let address = format!("/ctf/competitors/{ada}");
    let browser = app.browser_of("coach").await;
    let page = browser.get(&address).await.text;
    assert!(page.contains("Different"), "{page}");
    app.change("UPDATE game_platform_stats SET total_score = 600")
        .await
        .expect("as the platform states");
    app.change(
        "UPDATE game_platform_challenge_solves SET in_both = TRUE WHERE source = 'flash_ctf'",
    )
    .await
    .expect("as the sync does");
    let page = browser.get(&address).await.text;
    assert!(!page.contains("Different"), "{page}");
    for words in [
        "<dt>On demand</dt><dd>500</dd>",
        "<dt>Flash CTF</dt><dd>100</dd>",
        "<dt>Points, 90 days</dt><dd>600</dd>",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    app.finish().await;
}

#[tokio::test]
async fn solves_show_their_difficulty() {
    let app = TestApp::start().await;
    let (_, ada) = scene(&app).await;
    let address = format!("/ctf/competitors/{ada}");
    let browser = app.browser_of("coach").await;
    let page = browser.get(&address).await.text;
    for word in ["Easy", "Medium"] {
        assert!(page.contains(&format!("<td class=\"wide\">{word}</td>")), "{word}: {page}");
    }
    let file = browser.get(&format!("{address}/solves.csv")).await.text;
    assert!(file.contains(",200,\"Medium\","), "{file}");
    assert!(file.contains(",100,\"Easy\","), "{file}");
    app.finish().await;
}
