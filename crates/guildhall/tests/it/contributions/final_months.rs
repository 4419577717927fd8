//! Months that become final, and corrections that come later.

use contributions::actions::{NewRules, publish_rules};
use kernel::Month;
use platform::{ActionError, audit::Actor::Operator};
use recognition::{Programmes, actions::finalize_month};

use super::seasons::{merged, row};
use crate::app::{TestApp, at, scenarios::Scenario};

fn october() -> Month {
    "2026-10".parse().expect("a month")
}

async fn finalize(app: &TestApp, month: Month) -> Result<bool, ActionError> {
    let programmes = Programmes::of(&app.server);
    finalize_month(app.context(), programmes, Operator, month).await
}

fn code<T: std::fmt::Debug>(result: Result<T, ActionError>) -> &'static str {
    match result.expect_err("refused") {
        ActionError::Refused(problem) => problem.code,
        other => panic!("{other}"),
    }
}

/// A server whose project caps each month at 200 points.
async fn capped() -> TestApp {
    let app = TestApp::start().await;
    app.clock.set(at("2026-09-01T00:00:00Z"));
    app.project("season").await;
    app.repository("season", "octo-org/lantern", 1).await;
    let rules = NewRules { document: r#"{"monthly_cap": 200}"#.to_owned(), based_on: None };
    publish_rules(app.context(), Operator, "season", rules).await.expect("published");
    app.work().await;
    app.clock.set(at("2026-11-01T00:00:00Z"));
    app
}

/// Pull requests of which the fourth and later ones reach the cap.
fn scenarios() -> Vec<Scenario> {
    let day = |number: i64| format!("2026-10-{:02}T08:00:00Z", number + 1);
    let scenario = |number| merged(number, "wren-oak", &day(number));
    (1..=6).map(scenario).collect()
}

const RESULT: [i64; 2] = [200, 200];

/// Whichever merge arrives three weeks late, its month is settled again, and the net is that of the run in order.
#[tokio::test]
async fn a_late_merge_in_a_capped_month_gives_the_net_of_the_run_in_order() {
    let in_order = capped().await;
    for scenario in &scenarios() {
        in_order.deliver_all(&[scenario]).await;
    }
    let expected = (in_order.net_ledger().await, in_order.dump().await);
    for late in 0..6 {
        let app = capped().await;
        let all = scenarios();
        for (index, scenario) in all.iter().enumerate() {
            if index != late {
                app.deliver_all(&[scenario]).await;
            }
        }
        app.clock.set(at("2026-11-22T00:00:00Z"));
        app.deliver_all(&[&all[late]]).await;
        assert_eq!((app.net_ledger().await, app.dump().await), expected, "{late}");
        let rows = app.rows_of("month:2026-10").await;
        assert_eq!([rows[0].1, app.rows_of("global").await[0].1], RESULT);
        app.finish().await;
    }
    in_order.finish().await;
}

/// The same for a final month: its rows stay, the ledger moves, and each entry is noted.
#[tokio::test]
async fn a_final_month_stays_and_carries_its_notes() {
    for late in 0..6 {
        let app = capped().await;
        let all = scenarios();
        for (index, scenario) in all.iter().enumerate() {
            if index != late {
                app.deliver_all(&[scenario]).await;
            }
        }
        app.clock.set(at("2026-11-08T00:00:00Z"));
        assert!(finalize(&app, october()).await.expect("final"));
        let month = ["month:2026-10", "global"];
        let before = app.rows_of(month[0]).await;
        let entries = app.count("SELECT count(*) FROM point_transactions").await;
        app.clock.set(at("2026-11-22T00:00:00Z"));
        app.deliver_all(&[&all[late]]).await;
        assert_eq!(app.rows_of(month[0]).await, before, "{late}");
        let posted = app.count("SELECT count(*) FROM point_transactions").await - entries;
        let noted = "SELECT count(*) FROM board_notes n JOIN boards b ON b.id = n.board_id \
                     WHERE b.key = 'month:2026-10'";
        assert_eq!(app.count(noted).await, posted);
        // The last two earn nothing beyond the cap, whenever they arrive.
        assert_eq!(posted > 0, late < 4, "{late}");
        app.verify().await;
        let shown = app.json("/api/v1/leaderboards/months/2026-10").await;
        assert_eq!(shown["state"], "final");
        assert_eq!(shown["corrections"], posted);
        app.finish().await;
    }
}

#[tokio::test]
async fn a_month_is_final_only_when_the_clock_permits_it() {
    let app = TestApp::of_lantern().await;
    let own = merged(1, "wren-oak", "2026-10-02T08:00:00Z");
    app.deliver_all(&[&own]).await;
    let provisional = app.json("/api/v1/leaderboards/months/2026-10").await;
    assert_eq!(provisional["state"], "provisional");
    app.clock.set(at("2026-11-07T23:59:59Z"));
    assert_eq!(code(finalize(&app, october()).await), "MONTH_OPEN");
    assert_eq!(app.run_schedule("FinalMonths").await, "no month can become final yet");
    app.clock.set(at("2026-11-08T00:00:00Z"));
    let empty = "2026-08".parse().expect("a month");
    assert_eq!(code(finalize(&app, empty).await), "NOT_FOUND");
    let later = Scenario::opened(
        &crate::app::scenarios::repo(1, "lantern"),
        2,
        &crate::app::scenarios::person("finch-ash"),
        "2026-11-08T00:00:00Z",
    );
    // As long as nothing later was earned, the clock may be wrong.
    assert_eq!(app.run_schedule("FinalMonths").await, "no month can become final yet");
    app.deliver_all(&[&later]).await;
    assert_eq!(app.run_schedule("FinalMonths").await, "1 month became final");
    assert!(!finalize(&app, october()).await.expect("already final"));
    let acts = "SELECT count(*) FROM audit_logs WHERE action = 'leaderboard.finalize'";
    assert_eq!(app.count(acts).await, 1);
    let page = app.get("/leaderboards/months/2026-10").send().await.expect("a page");
    let page = page.text().await.expect("text");
    assert!(page.contains("state t-vert\">Final"), "{page}");
    let csv = app.get("/leaderboards/months/2026-10/board.csv").send().await;
    let csv = csv.expect("a file").text().await.expect("text");
    assert!(csv.contains(",\"final\""), "{csv}");
    app.verify().await;
    app.finish().await;
}

/// The history of a repository arrives for hours after its months are over.
#[tokio::test]
async fn the_job_waits_until_a_month_has_not_changed_for_a_day() {
    let app = TestApp::of_lantern().await;
    app.clock.set(at("2027-01-10T08:00:00Z"));
    let (first, rest, later) = (
        merged(1, "wren-oak", "2026-10-02T08:00:00Z"),
        merged(2, "finch-ash", "2026-10-03T08:00:00Z"),
        merged(3, "finch-ash", "2027-01-09T08:00:00Z"),
    );
    app.deliver_all(&[&first, &later]).await;
    let nothing = "no month can become final yet";
    assert_eq!(app.run_schedule("FinalMonths").await, nothing);
    app.clock.set(at("2027-01-10T20:00:00Z"));
    app.deliver_all(&[&rest]).await;
    app.clock.set(at("2027-01-11T19:59:59Z"));
    assert_eq!(app.run_schedule("FinalMonths").await, nothing);
    app.clock.set(at("2027-01-11T20:00:00Z"));
    assert_eq!(app.run_schedule("FinalMonths").await, "1 month became final");
    let rows = app.rows_of("month:2026-10").await;
    assert_eq!(rows.len(), 2, "{rows:?}");
    let notes = "SELECT count(*) FROM board_notes";
    assert_eq!(app.count(notes).await, 0);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn a_month_waits_for_settlement() {
    let mut app = TestApp::of_lantern().await;
    let own = merged(1, "wren-oak", "2026-10-02T08:00:00Z");
    app.deliver_all(&[&own]).await;
    app.clock.set(at("2026-11-08T00:00:00Z"));
    wake_settlement(&app).await;
    assert_eq!(code(finalize(&app, october()).await), "SETTLEMENT_BEHIND");
    app.work().await;
    assert!(finalize(&app, october()).await.expect("final"));
    app.may_leave_work();
    app.finish().await;
}

/// Wakes settlement for the only pull request.
pub(super) async fn wake_settlement(app: &TestApp) {
    let pull = app.values("SELECT CAST(count(*) AS text) AS value FROM pull_requests").await;
    assert_eq!(pull, ["1"]);
    let mut tx = app.context().begin().await.expect("a transaction");
    let pulls = github::reads::pulls_of(&tx, github_repositories(app).await, None).await;
    let pulls = pulls.expect("pulls").into_iter().map(|pull| pull.0);
    let (ids, now) = (app.context().ids.as_ref(), app.context().now());
    tx.wake(github::model::PULL_REQUEST_CHANGED, pulls, ids, now).await.expect("raised");
    tx.commit().await.expect("committed");
}

async fn github_repositories(app: &TestApp) -> Vec<github::model::RepositoryId> {
    let db = &app.context().db;
    let project = contributions::reads::project_id(db, "season").await;
    let project = project.expect("read").expect("a project");
    let found = contributions::reads::repositories(db, project).await;
    found.expect("read").into_iter().map(|it| it.id.into()).collect()
}

/// A board of a project in a month that is final already is final from the start.
#[tokio::test]
async fn a_project_without_points_in_a_final_month_gets_only_notes() {
    let app = TestApp::of_lantern().await;
    app.project("other").await;
    app.repository("other", "octo-org/other", 2).await;
    let own = merged(1, "wren-oak", "2026-10-02T08:00:00Z");
    app.deliver_all(&[&own]).await;
    app.clock.set(at("2026-11-08T00:00:00Z"));
    finalize(&app, october()).await.expect("final");
    let late = Scenario::opened(
        &crate::app::scenarios::repo(2, "other"),
        1,
        &crate::app::scenarios::person("finch-ash"),
        "2026-10-05T08:00:00Z",
    );
    app.deliver_all(&[&late]).await;
    assert_eq!(app.rows_of("month:2026-10").await, [row("wren-oak", 60, 1)]);
    let noted = "SELECT count(*) FROM board_notes";
    assert_eq!(app.count(noted).await, 2);
    app.verify().await;
    app.finish().await;
}
