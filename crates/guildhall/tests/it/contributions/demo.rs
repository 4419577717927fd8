//! The demo's season shows each rule, and has something to look at on each page.

use std::time::Duration;

use contributions::demo::send;
use kernel::Timestamp;
use testkit::season::SeasonSpec;

use super::displayed::{assert_bind, assert_pages_add_up};
use crate::app::{TestApp, at, browser::Browser};

/// The rules that change points in the demo, as the pages name them.
const RULES: [&str; 12] = [
    "Diminishing",
    "Documentation",
    "Frequency",
    "Low value",
    "Merged",
    "Monthly cap reached",
    "Opened",
    "Rating",
    "Self-merge",
    "Size",
    "Spam",
    "Tests",
];

/// Tables that the demo fills besides the data of deliveries.
const TABLES: [&str; 16] = [
    "appeals",
    "dispute_messages",
    "disputes",
    "fair_play_flags",
    "point_transactions",
    "pr_reviews",
    "project_maintainers",
    "pull_request_files",
    "pull_requests",
    "reports",
    "repository_exclusions",
    "sanctions",
    "score_overrides",
    "season_participants",
    "season_results",
    "seasons",
];

/// The pages of each of the visitors, and words that they show.
const PAGES: &[(&str, &[(&str, &str)])] = &[
    (
        "contributor",
        &[
            ("/me/standing", "/disputes/D-"),
            ("/seasons/demo/register", "Consent"),
            ("/seasons/warm-up/results", "Final"),
            ("/seasons/warm-up/report", "Final results"),
        ],
    ),
    (
        "maintainer",
        &[
            ("/projects/lanternfish/reviews?text=layout", "Store the layout per person"),
            ("/projects/lanternfish/reviews?text=source", "Changed since approval"),
            ("/projects/lanternfish/analytics", "Ratings"),
            ("/seasons/demo/participants", "Warned"),
        ],
    ),
    (
        "moderator",
        &[
            ("/admin/fair-play", "F-"),
            ("/admin/fair-play?state=confirmed", "F-"),
            ("/admin/fair-play/repositories", "quillbox-stickers"),
            ("/admin/disputes", "/disputes/D-"),
            ("/admin/disputes?state=appealed", "/disputes/D-"),
        ],
    ),
];

/// Returns the end of the season: no schedule is due then.
fn until() -> Timestamp {
    at("2026-10-28T11:07:00Z")
}

/// Sends the demo's season with fewer of the drawn pull requests, whose number its other parts do not depend on.
async fn load(app: &TestApp) {
    let runner = TestApp::jobs(&app.server);
    let spec = SeasonSpec { pull_requests: 360, ..SeasonSpec::demo(until()) };
    let sent = tokio::time::timeout(Duration::from_secs(300), send(&app.server, &app.url, spec));
    sent.await.expect("in time").expect("sent");
    app.settled().await;
    runner.stop().await;
}

/// Returns the number of rows of each table.
async fn rows(app: &TestApp) -> Vec<(&'static str, i64)> {
    let mut rows = Vec::new();
    for table in TABLES {
        let sql = format!("SELECT count(*) FROM {table}");
        rows.push((table, app.count(&sql).await));
    }
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn each_rule_changes_points_and_each_page_adds_up() {
    let app = TestApp::prepared_for_demo(until()).await;
    load(&app).await;
    app.verify().await;
    let kinds = assert_pages_add_up(&app, 150).await;
    println!("rules that change points in the demo: {kinds:?}");
    assert_bind(&kinds, &RULES);
    assert_everything_is_there(&app).await;
    assert_pages_show_it(&app).await;

    // Sending it again changes nothing.
    let (before, dump) = (rows(&app).await, app.dump().await);
    load(&app).await;
    assert_eq!(rows(&app).await, before);
    assert_eq!(app.dump().await, dump);
    app.finish().await;
}

/// Returns the distinct values of a column, sorted.
async fn distinct(app: &TestApp, column: &str, table: &str) -> Vec<String> {
    let sql = format!("SELECT DISTINCT {column} AS value FROM {table} ORDER BY 1");
    app.values(&sql).await
}

/// Checks that flags, reports, reviews, disputes and seasons are in each of their states.
async fn assert_everything_is_there(app: &TestApp) {
    for (table, count) in rows(app).await {
        assert!(count > 0, "{table} is empty");
    }
    let states = distinct(app, "state", "contributions").await;
    let all = ["APPROVED", "CHANGES_REQUESTED", "CLOSED", "MERGED", "OPEN", "UNDER_REVIEW"];
    assert_eq!(states, all);
    let states = distinct(app, "state", "fair_play_flags").await;
    assert_eq!(states, ["confirmed", "dismissed", "open"]);
    let kinds = distinct(app, "kind", "fair_play_flags").await;
    for kind in [
        "burst",
        "junk_repositories",
        "reciprocal_ratings",
        "report",
        "reviewer_abuse",
        "same_diff",
    ] {
        assert!(kinds.iter().any(|known| known == kind), "{kind}: {kinds:?}");
    }
    let states = distinct(app, "state", "disputes").await;
    assert_eq!(states, ["granted", "open", "upheld"]);
    let kinds = distinct(app, "kind", "disputes").await;
    assert_eq!(kinds, ["flag", "sanction", "score"]);
    let final_ones = "SELECT slug AS value FROM seasons WHERE signed_off_at IS NOT NULL";
    assert_eq!(app.values(final_ones).await, ["warm-up"]);
    let lifted = "SELECT kind AS value FROM sanctions WHERE lifted_at IS NOT NULL";
    assert_eq!(app.values(lifted).await, ["disqualification"]);
    let withdrawn = "SELECT count(*) FROM season_participants WHERE withdrawn_at IS NOT NULL";
    assert_eq!(app.count(withdrawn).await, 1);
    let conflicts = "SELECT count(DISTINCT v.pull_request_id) FROM pr_reviews v JOIN pr_reviews w \
                     ON w.pull_request_id = v.pull_request_id WHERE v.action = 'APPROVED' \
                     AND w.action = 'REQUESTED_CHANGES'";
    assert_eq!(app.count(conflicts).await, 1);
}

/// Checks that pages of each visitor show it.
async fn assert_pages_show_it(app: &TestApp) {
    for (part, pages) in PAGES {
        let browser = Browser::new(app);
        let form = [("as", *part), ("return", "/")];
        browser.post("/sign-in/demo", &form).await;
        for (page, words) in *pages {
            let shown = browser.get(page).await;
            assert_eq!(shown.status, 200, "{part}: {page}");
            assert!(shown.text.contains(words), "{part}: {page} lacks {words}");
        }
    }
}
