//! Boards by kind of source: kept once entries of two kinds count, filled from the ledger, and updated, reversed, made final,
//! verified and rebuilt like all others.

use std::{collections::BTreeMap, sync::Arc};

use guildhall::PROGRAMMES;
use identity::model::PersonIdentity;
use kernel::Month;
use recognition::{
    actions::{finalize_month, reconcile, recount},
    model::{
        Boards, Entitlement, EntryKind, GLOBAL, Source, board_in_month, month_board, source_board,
    },
    reads::{self, Start},
    rules::EntitlementKey,
};
use uuid::Uuid;

use super::grants::people;
use crate::app::{TestApp, at};

/// Kinds of no programme.
const ALPHA: &str = "alpha";
const BETA: &str = "beta";

/// The kinds of programmes.
const MERGES: &str = "pull_request";
const HACKS: &str = "hackathon_result";

/// Points for a person from a source of a kind; `None` takes them back.
async fn give(
    app: &TestApp,
    people: &BTreeMap<i64, PersonIdentity>,
    kind: &'static str,
    number: u128,
    given: Option<(i64, i64, &str)>,
) {
    let source = Source { kind, id: Uuid::from_u128(number) };
    let scope: [EntitlementKey; 1] = [(source, "grant")];
    let wanted = given.map(|(person, points, instant)| {
        let known = people[&person];
        let month = month_board(Month::of(at(instant)));
        let boards: Boards = Arc::from([GLOBAL.to_owned(), month]);
        Entitlement {
            user_id: known.user_id,
            identity_id: known.identity_id,
            source,
            reason: "grant",
            kind: EntryKind::Award,
            points,
            occurred_at: at(instant),
            boards,
            explanation: "{}".to_owned(),
        }
    });
    let tx = app.context().begin().await.expect("a transaction");
    reconcile(&tx, app.context(), &scope, wanted.into_iter().collect()).await.expect("reconciled");
    tx.commit().await.expect("committed");
}

/// Returns the points on a board, best first.
async fn points(app: &TestApp, key: &str) -> Vec<i64> {
    let page = reads::page(&app.context().db, key, Start::Top, 50).await.expect("a page");
    page.rows.iter().map(|row| row.points).collect()
}

const OCTOBER: &str = "2026-10-02T08:00:00Z";
const NOVEMBER: &str = "2026-11-02T08:00:00Z";

fn month(month: &str) -> Month {
    month.parse().expect("a month")
}

#[tokio::test]
async fn boards_of_sources_begin_with_the_second_kind_and_add_up_to_everyone_s() {
    let app = TestApp::start().await;
    let known = people(&app, 3).await;
    give(&app, &known, ALPHA, 1, Some((1, 50, OCTOBER))).await;
    give(&app, &known, ALPHA, 2, Some((2, 70, OCTOBER))).await;
    let boards = "SELECT count(*) FROM boards WHERE key LIKE 'source:%'";
    assert_eq!(app.count(boards).await, 0, "one kind needs no boards of its own");
    give(&app, &known, BETA, 3, Some((1, 40, OCTOBER))).await;
    give(&app, &known, ALPHA, 4, Some((3, 10, NOVEMBER))).await;
    let october = |kind: &str| board_in_month(&source_board(kind), month("2026-10"));
    let november = |kind: &str| board_in_month(&source_board(kind), month("2026-11"));
    assert_eq!(points(&app, &source_board(ALPHA)).await, [70, 50, 10]);
    assert_eq!(points(&app, &source_board(BETA)).await, [40]);
    assert_eq!(points(&app, &october(ALPHA)).await, [70, 50]);
    assert_eq!(points(&app, &october(BETA)).await, [40]);
    assert_eq!(points(&app, &november(ALPHA)).await, [10]);
    assert_eq!(points(&app, GLOBAL).await, [90, 70, 10]);
    app.verify().await;
    // A reversal counts on the board of its kind, and a third kind gets boards too.
    give(&app, &known, ALPHA, 2, None).await;
    give(&app, &known, "kudos", 5, Some((2, 5, NOVEMBER))).await;
    assert_eq!(points(&app, &source_board(ALPHA)).await, [50, 10]);
    assert_eq!(points(&app, &source_board("kudos")).await, [5]);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn a_rebuild_and_a_final_month_keep_boards_of_sources() {
    let app = TestApp::start().await;
    let known = people(&app, 2).await;
    give(&app, &known, ALPHA, 1, Some((1, 50, OCTOBER))).await;
    give(&app, &known, ALPHA, 2, Some((2, 70, OCTOBER))).await;
    give(&app, &known, ALPHA, 3, Some((2, 1, NOVEMBER))).await;
    app.clock.set(at("2026-12-20T08:00:00Z"));
    let operator = platform::audit::Actor::Operator;
    let is_new = finalize_month(app.context(), PROGRAMMES, operator, month("2026-10")).await;
    assert!(is_new.expect("final"));
    // A late correction, before there are boards of sources: they begin with what was final.
    give(&app, &known, ALPHA, 1, None).await;
    give(&app, &known, BETA, 4, Some((1, 40, NOVEMBER))).await;
    let october = board_in_month(&source_board(ALPHA), month("2026-10"));
    assert_eq!(points(&app, &october).await, [70, 50]);
    assert_eq!(points(&app, &source_board(ALPHA)).await, [71]);
    assert_eq!(points(&app, &source_board(BETA)).await, [40]);
    app.verify().await;
    let before = (points(&app, &october).await, points(&app, &source_board(ALPHA)).await);
    let rows = "SELECT count(*) FROM board_rows";
    let counted = app.count(rows).await;
    let tx = app.context().begin().await.expect("begun");
    recount(&tx, app.context()).await.expect("recounted");
    tx.commit().await.expect("committed");
    assert_eq!(app.count(rows).await, counted);
    assert_eq!((points(&app, &october).await, points(&app, &source_board(ALPHA)).await), before);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn pages_show_merges_first_and_the_api_the_sum() {
    let app = TestApp::start().await;
    let known = people(&app, 2).await;
    give(&app, &known, MERGES, 1, Some((1, 50, OCTOBER))).await;
    let html = app.get("/leaderboards").send().await.expect("a page").text().await.expect("HTML");
    assert!(!html.contains("Points from merges"), "one programme has no tabs: {html}");
    give(&app, &known, HACKS, 2, Some((2, 60, OCTOBER))).await;
    for (query, expected) in [
        ("", &[("p1", 50)][..]),
        ("?source=contributions", &[("p1", 50)]),
        ("?source=hackathons", &[("p2", 60)]),
        ("?source=all", &[("p2", 60), ("p1", 50)]),
    ] {
        let path = format!("/leaderboards{query}");
        let html = app.get(&path).send().await.expect("a page").text().await.expect("HTML");
        for login in ["p1", "p2"] {
            let is_shown = html.contains(&format!("<bdi>{login}</bdi></a>"));
            assert_eq!(is_shown, expected.iter().any(|(it, _)| *it == login), "{path}: {html}");
        }
        let path = format!("/api/v1/leaderboards/global{query}");
        let board = app.json(&path).await;
        let items = board["items"].as_array().expect("items").len();
        assert_eq!(items, if query.is_empty() { 2 } else { expected.len() }, "{path}: {board}");
    }
    app.refuses("/api/v1/leaderboards/global?source=bread", 400, "BAD_SOURCE", "must be").await;
    let rank = app.json("/api/v1/leaderboards/global/ranks/p1?source=contributions").await;
    assert_eq!(rank["rank"], 1, "{rank}");
    let rank = app.json("/api/v1/leaderboards/months/2026-10/ranks/p1").await;
    assert_eq!(rank["rank"], 2, "{rank}");
    app.finish().await;
}
