//! The ranks of random leaderboards match a naive computation after any number of corrections.

use std::{cmp::Reverse, collections::BTreeMap};

use identity::model::PersonIdentity;
use identity::model::UserId;
use kernel::Timestamp;
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use recognition::{
    model::Boards,
    reads::{self, RankedRow, Start},
};

use super::grants::{Grant, give, people};
use crate::app::{TestApp, at};

const PEOPLE: i64 = 9;

/// The points of a few sources in each round.
type Rounds = Vec<BTreeMap<u128, Option<Grant>>>;

fn grant() -> impl Strategy<Value = Grant> {
    let points = prop_oneof![
        -3..4_i64,
        -40..0_i64,
        30..34_i64,
        1_000..1_100_i64,
        32_700..32_800_i64,
        0..5_000_000_i64,
    ];
    let points = points.prop_filter("an entry has points", |points| *points != 0);
    (1..=PEOPLE, points, 0..4_i64).prop_map(|(person, points, seconds)| Grant {
        person,
        points,
        at: at("2026-10-02T08:00:00Z") + chrono::TimeDelta::seconds(seconds),
    })
}

fn rounds() -> impl Strategy<Value = Rounds> {
    let given = prop_oneof![1 => Just(None), 3 => grant().prop_map(Some)];
    let round = prop::collection::btree_map(0..14_u128, given, 1..10);
    prop::collection::vec(round, 1..4)
}

/// Computes a leaderboard naively: rank, person, points, number of people who share the rank, time.
fn naive(rounds: &Rounds, known: &BTreeMap<i64, PersonIdentity>) -> Vec<RankedRow> {
    let mut live: BTreeMap<u128, Option<Grant>> = BTreeMap::new();
    rounds.iter().for_each(|round| live.extend(round));
    let mut sums: BTreeMap<UserId, (i64, Timestamp)> = BTreeMap::new();
    for grant in live.into_values().flatten() {
        let sum = sums.entry(known[&grant.person].user_id).or_insert((0, grant.at));
        *sum = (sum.0 + grant.points, sum.1.max(grant.at));
    }
    let row = |(user_id, (points, reached_at)): (&UserId, &(i64, Timestamp))| RankedRow {
        rank: 1 + sums.values().filter(|(other, _)| other > points).count() as i64,
        user_id: *user_id,
        points: *points,
        merged: 0,
        tied_people: sums.values().filter(|(other, _)| other == points).count() as i64,
        reached_at: *reached_at,
    };
    let mut rows: Vec<RankedRow> = sums.iter().map(row).collect();
    rows.sort_by_key(|row| (Reverse(row.points), row.reached_at, row.user_id));
    rows
}

async fn walk(app: &TestApp, board: &str, limit: i64) -> Vec<RankedRow> {
    let (mut rows, mut start) = (Vec::new(), Start::Top);
    loop {
        let page = reads::page(&app.context().db, board, start, limit).await.expect("a page");
        rows.extend(page.rows);
        match page.next {
            Some(next) => start = Start::After(next),
            None => return rows,
        }
    }
}

async fn check_ranks(app: &TestApp, board: &str, rows: &[RankedRow]) -> Result<(), TestCaseError> {
    for row in rows {
        let rank = reads::rank(&app.context().db, board, row.user_id).await.expect("read");
        let rank = rank.expect("a rank");
        let better = rows.iter().filter(|other| other.points > row.points);
        let next = better.map(|other| other.points - row.points).min();
        let below = rows.iter().filter(|other| other.points < row.points).count() as f64;
        prop_assert_eq!(
            (rank.rank, rank.points, rank.tied_people, rank.people),
            (row.rank, row.points, row.tied_people, rows.len() as i64)
        );
        prop_assert_eq!(rank.points_to_next_rank, next);
        prop_assert_eq!(rank.percentile, 100.0 * below / rows.len() as f64);
    }
    Ok(())
}

async fn check_jumps(app: &TestApp, board: &str, rows: &[RankedRow]) -> Result<(), TestCaseError> {
    for (index, covering) in rows.iter().enumerate() {
        let start = Start::Rank(index as i64 + 1);
        let page = reads::page(&app.context().db, board, start, 1).await.expect("a page");
        let first = rows.iter().find(|row| row.rank == covering.rank);
        prop_assert_eq!(page.rows.first(), first);
    }
    Ok(())
}

async fn check(
    app: &TestApp,
    known: &BTreeMap<i64, PersonIdentity>,
    case: u128,
    (rounds, limit): (Rounds, i64),
) -> Result<(), TestCaseError> {
    let board = format!("case:{case}");
    let boards: Boards = [board.clone()].into();
    for round in &rounds {
        let of_case = round.iter().map(|(source, grant)| (case * 100 + source, *grant));
        give(app, known, &boards, &of_case.collect()).await;
    }
    let rows = naive(&rounds, known);
    prop_assert_eq!(&walk(app, &board, limit).await, &rows);
    check_ranks(app, &board, &rows).await?;
    check_jumps(app, &board, &rows).await
}

#[test]
fn ranks_match_a_naive_computation() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (app, known) = runtime.block_on(async {
        let app = TestApp::start().await;
        let known = people(&app, PEOPLE).await;
        (app, known)
    });
    let mut runner =
        TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() });
    // All cases share one database; each has its own leaderboard and sources.
    let case = std::cell::Cell::new(0);
    let outcome = runner.run(&(rounds(), 1..5_i64), |input| {
        case.set(case.get() + 1);
        runtime.block_on(check(&app, &known, case.get(), input))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    runtime.block_on(async {
        app.verify().await;
        app.finish().await;
    });
}
