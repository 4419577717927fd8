//! Ledger verification finds corruption of every kind, and reports nothing else.

use std::sync::Arc;

use guildhall::PROGRAMMES;
use platform::db::Sql;
use recognition::{
    actions::{rebuild, reconcile, verify},
    model::{Entitlement, EntryKind, GLOBAL, SettlementMode, Source},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::app::{
    TestApp, at,
    scenarios::{Scenario, person, repo},
};

/// A server with two people's points and a consistent ledger.
async fn app() -> TestApp {
    let app = TestApp::of_lantern().await;
    for (number, login) in [(1, "hexacat"), (2, "monacat")] {
        let opened =
            Scenario::opened(&repo(1, "lantern"), number, &person(login), "2026-10-02T08:00:00Z");
        app.deliver(&opened.merged("2026-10-03T08:00:00Z").deliveries).await;
    }
    app.work().await;
    app.verify().await;
    app
}

/// Returns the kinds of mismatches after running `sql`.
async fn found_after(app: &TestApp, sql: &str) -> Vec<String> {
    app.change(sql).await.expect("planted");
    found(app).await
}

async fn found(app: &TestApp) -> Vec<String> {
    let found = verify(app.context(), PROGRAMMES).await;
    let mut kinds: Vec<String> = found.expect("verified").into_iter().map(|m| m.what).collect();
    kinds.dedup();
    kinds
}

#[tokio::test]
async fn a_wrong_total_is_found() {
    let app = app().await;
    let sql = "UPDATE users SET total_points = total_points + 1 WHERE login = 'hexacat'";
    assert_eq!(found_after(&app, sql).await, ["all-time points"]);
    let found = verify(app.context(), PROGRAMMES).await.expect("verified");
    let first = &found[0];
    assert_eq!(first.to_string(), "all-time points (hexacat): 61 instead of 60");
    app.finish().await;
}

#[tokio::test]
async fn wrong_board_rows_are_found() {
    for (sql, kinds) in [
        (
            "UPDATE board_rows SET points = 61, descending_points = -61",
            &["leaderboard", "rank histogram"][..],
        ),
        ("UPDATE board_rows SET descending_points = 0", &["leaderboard"]),
        ("UPDATE board_rows SET reached_at = updated_at", &["leaderboard"]),
        ("DELETE FROM board_rows", &["leaderboard", "rank histogram"]),
        (
            "INSERT INTO board_rows (board_id, user_id, points, descending_points, reached_at, updated_at) \
             SELECT b.id, u.id, 5, -5, b.created_at, b.created_at FROM boards b, users u \
             WHERE b.key = 'global' AND u.login = 'maintainer'",
            &["leaderboard", "rank histogram"],
        ),
    ] {
        let app = app().await;
        assert_eq!(found_after(&app, sql).await, kinds, "{sql}");
        app.finish().await;
    }
}

/// The boards have no foreign keys.
#[tokio::test]
async fn rows_of_unknown_boards_and_people_are_found() {
    let app = app().await;
    let planted = [
        "UPDATE board_rows SET user_id = board_id \
         WHERE board_id = (SELECT id FROM boards WHERE key = 'global') \
         AND user_id = (SELECT id FROM users WHERE login = 'hexacat')",
        "UPDATE boards SET id = (SELECT id FROM users WHERE login = 'monacat') WHERE key = 'month:2026-10'",
        "INSERT INTO board_histogram (board_id, level, bucket, people) \
         SELECT id, 1, 7, 1 FROM users WHERE login = 'hexacat'",
    ];
    for sql in planted {
        app.change(sql).await.expect("planted");
    }
    let found = verify(app.context(), PROGRAMMES).await.expect("verified");
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    let says = |what: &str, which: &str, values: &str| {
        found
            .iter()
            .any(|line| line.starts_with(what) && line.contains(which) && line.contains(values))
    };
    assert!(says("leaderboard", "(global, hexacat)", "no row instead of 60"), "{found:#?}");
    assert!(says("leaderboard", "(global, unknown person ", "instead of no row"), "{found:#?}");
    assert!(says("leaderboard", "(month:2026-10, hexacat)", "no row instead of 60"), "{found:#?}");
    assert!(says("leaderboard", "(unknown board ", ", hexacat): 60"), "{found:#?}");
    assert!(
        says("rank histogram", "(unknown board ", "level 1, bucket 7): 1 instead of 0"),
        "{found:#?}"
    );
    app.finish().await;
}

#[tokio::test]
async fn a_wrong_histogram_is_found() {
    for sql in [
        "UPDATE board_histogram SET people = people + 1 WHERE level = 0",
        "DELETE FROM board_histogram WHERE level = 2",
        "INSERT INTO board_histogram (board_id, level, bucket, people) SELECT id, 3, 9, 1 FROM boards",
    ] {
        let app = app().await;
        assert_eq!(found_after(&app, sql).await, ["rank histogram"], "{sql}");
        app.finish().await;
    }
}

#[tokio::test]
async fn a_wrong_score_is_found() {
    let app = app().await;
    let sql = "UPDATE contributions SET score = score + 1";
    assert_eq!(found_after(&app, sql).await, ["points of a pull request"]);
    app.finish().await;
}

#[tokio::test]
async fn a_reversal_of_nothing_is_found() {
    let app = app().await;
    let sql = "INSERT INTO point_transactions (id, user_id, identity_id, source_kind, source_id, reason, \
               generation, kind, points, occurred_at, boards, explanation, created_at) \
               SELECT user_id, user_id, identity_id, source_kind, source_id, reason, 2, 'REVERSAL', \
               -points, occurred_at, boards, '{}', created_at FROM point_transactions \
               WHERE reason = 'pr_merged'";
    let found = found_after(&app, sql).await;
    assert!(found.contains(&"reversal".to_owned()), "{found:?}");
    assert!(found.contains(&"all-time points".to_owned()), "{found:?}");
    app.finish().await;
}

#[derive(FromQueryResult)]
struct Ids {
    user_id: Uuid,
    identity_id: Uuid,
    source_id: Uuid,
}

/// Posts points that agree with all derived data, but are not given by any rule.
async fn grant(app: &TestApp, reason: &'static str, source_id: Option<Uuid>) {
    let tx = app.context().begin().await.expect("a transaction");
    let sql = "SELECT user_id, identity_id, source_id FROM point_transactions \
               WHERE reason = 'pr_merged' ORDER BY id LIMIT 1";
    let ids: Option<Ids> = tx.one(tx.statement(sql, [])).await.expect("read");
    let ids = ids.expect("an entry");
    let source = Source { kind: "pull_request", id: source_id.unwrap_or(ids.source_id) };
    let wanted = Entitlement {
        user_id: ids.user_id.into(),
        identity_id: ids.identity_id.into(),
        source,
        reason,
        kind: EntryKind::Award,
        points: 1_000,
        occurred_at: at("2026-10-03T08:00:00Z"),
        boards: Arc::from([GLOBAL.to_owned()]),
        explanation: "{}".to_owned(),
    };
    reconcile(&tx, app.context(), &[(source, reason)], vec![wanted]).await.expect("granted");
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn an_award_that_the_rules_do_not_give_is_found() {
    let app = app().await;
    grant(&app, "pr_merged", None).await;
    assert_eq!(found(&app).await, ["points of a pull request", "unposted entries"]);
    app.finish().await;
}

#[tokio::test]
async fn an_award_for_an_unknown_reason_is_found() {
    let app = app().await;
    grant(&app, "gift", None).await;
    assert_eq!(found(&app).await, ["points of a pull request"]);
    app.finish().await;
}

#[tokio::test]
async fn an_award_for_no_pull_request_is_found() {
    let app = app().await;
    grant(&app, "pr_merged", Some(Uuid::from_u128(1))).await;
    let found = verify(app.context(), PROGRAMMES).await.expect("verified");
    let lines: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert_eq!(lines, ["points in the ledger without a pull request: 1000 instead of 0"]);
    app.finish().await;
}

#[tokio::test]
async fn entries_of_an_unknown_person_are_found() {
    let sql = "INSERT INTO point_transactions (id, user_id, identity_id, source_kind, source_id, reason, \
               generation, kind, points, occurred_at, boards, explanation, created_at) \
               SELECT source_id, {person}, {account}, 'stray', source_id, reason, 1, 'AWARD', 5, \
               occurred_at, '[]', '{}', created_at FROM point_transactions WHERE reason = 'pr_merged'";
    for (person, account) in [("source_id", "identity_id"), ("user_id", "source_id")] {
        let app = app().await;
        let sql = sql.replace("{person}", person).replace("{account}", account);
        let found = found_after(&app, &sql).await;
        let kind = "entries of an unknown person".to_owned();
        assert!(found.contains(&kind), "{person}, {account}: {found:?}");
        app.finish().await;
    }
}

#[tokio::test]
async fn contributions_of_an_unknown_pull_request_are_found() {
    let app = app().await;
    let sql = "UPDATE contributions SET pull_request_id = author_id \
               WHERE github_id = (SELECT min(github_id) FROM contributions)";
    let found = found_after(&app, sql).await;
    let kind = "points of an unknown pull request".to_owned();
    assert!(found.contains(&kind), "{found:?}");
    app.finish().await;
}

#[tokio::test]
async fn changed_contributions_are_found_and_a_rebuild_fixes_them() {
    let app = app().await;
    let sql = "UPDATE contributions SET facts = REPLACE(facts, '\"merged_at\"', '\"murged_at\"'), \
               merged_at = NULL, merge_points = 0, score = 10";
    assert_eq!(found_after(&app, sql).await, ["points of a pull request"]);
    rebuild(app.context(), PROGRAMMES, SettlementMode::Post, |_| {}).await.expect("rebuilt");
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn verification_changes_nothing() {
    let app = app().await;
    let before = app.dump().await;
    let found = found_after(&app, "UPDATE pull_requests SET title = title").await;
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(app.dump().await, before);
    app.finish().await;
}

#[tokio::test]
async fn a_matured_award_that_is_not_settled_yet_is_not_a_mismatch() {
    let app = TestApp::of_lantern().await;
    let rules = r#"INSERT INTO project_rules (id, project_id, version, document, published_at, created_at)
                   SELECT project_id, project_id, 2, '{"maturing_days": 1}', published_at, created_at
                   FROM project_rules"#;
    app.change(rules).await.expect("published");
    app.clock.advance(chrono::TimeDelta::days(4));
    // Both awards are one person's in one month, so they are settled together.
    for (number, merged_at) in [(1, "2026-11-03T08:00:00Z"), (2, "2026-11-04T00:00:30Z")] {
        let (repo, author) = (repo(1, "lantern"), person("hexacat"));
        let opened = Scenario::opened(&repo, number, &author, "2026-11-02T08:00:00Z");
        app.deliver(&opened.merged(merged_at).deliveries).await;
    }
    app.work().await;
    app.verify().await;
    app.clock.advance(chrono::TimeDelta::minutes(1));
    app.verify().await;
    let matured = app.run_schedule("AwardMaturing").await;
    assert_eq!(matured, "the pending period of 1 pull request ended");
    app.work().await;
    app.verify().await;
    app.finish().await;
}
