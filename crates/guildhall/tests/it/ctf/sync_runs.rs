//! The numbers of runs of the sync, and the state of those who are erased during one.

use std::time::Duration;

use chrono::TimeDelta;
use ctf::{
    actions::{erase_competitor, request_reconciliation, send_password_reset},
    gateway::Platforms,
    reads,
    rules::{
        compare::CompareScope,
        runs::{RunOutcome, RunScope},
    },
};
use platform::audit::Actor::Operator;

use super::platform::{Synced, counts};

#[tokio::test]
async fn a_failure_before_an_interruption_is_counted_once() {
    let synced = Synced::start().await;
    let (roster, _) = synced.roster_of("coach", 2).await;
    // Without an address, this one cannot be put on the platform.
    synced.app.competitor(roster, "Bo", "Quill").await;
    let run = synced.run(RunScope::All).await;
    assert_eq!((run.total, counts(&run)), (3, (2, 0, 1)));
    let before = synced.calls();
    let interrupt = "UPDATE game_platform_sync_runs SET state = 'running', due_at = created_at, \
                     completed_at = NULL, finished_at = NULL, outcome = NULL";
    synced.app.change(interrupt).await.expect("interrupted");
    synced.app.work().await;
    let again = synced.ended(run.id.into()).await;
    assert_eq!((again.total, counts(&again)), (3, (2, 0, 1)), "{again:?}");
    assert_eq!((again.calls, synced.calls()), (run.calls, before));
    let failures = "SELECT count(*) FROM game_platform_sync_failures";
    assert_eq!(synced.app.count(failures).await, 1);
    synced.app.finish().await;
}

#[tokio::test]
async fn a_long_run_alerts_operators_until_it_ends() {
    let synced = Synced::start().await;
    synced.roster_of("coach", 2).await;
    let run = synced.run(RunScope::All).await;
    let interrupt = "UPDATE game_platform_sync_runs SET state = 'running', due_at = created_at, \
                     completed_at = NULL, finished_at = NULL, outcome = NULL";
    synced.app.change(interrupt).await.expect("interrupted");
    let open = "SELECT severity AS value FROM alerts WHERE kind = 'game_platform_sync' AND subject = 'long run' \
                AND resolved_at IS NULL";
    for (minutes, expected) in [(4, ""), (1, "medium"), (4, "medium"), (1, "high")] {
        synced.advance(TimeDelta::minutes(minutes));
        synced.app.run_schedule("OperatorAlerts").await;
        let found = synced.app.values(open).await.join(", ");
        assert_eq!(found, expected, "{minutes} minutes later");
    }
    synced.app.work().await;
    synced.ended(run.id.into()).await;
    synced.app.run_schedule("OperatorAlerts").await;
    assert_eq!(synced.app.values(open).await, [""; 0]);
    synced.app.finish().await;
}

#[tokio::test]
async fn one_who_is_erased_during_a_run_gets_no_state_again() {
    let synced = Synced::with(|config| config.game_platform_concurrency = 1).await;
    let (_, competitors) = synced.roster_of("coach", 3).await;
    synced.run(RunScope::All).await;
    synced.advance(TimeDelta::minutes(10));
    let scores = "GET /scores/get_odl_scores";
    let asked = || synced.fake.calls().get(scores).copied().unwrap_or(0);
    let before = asked();
    synced.fake.switch(|switches| switches.latency_ms = 300);
    let erase = async {
        // The third one is being asked for, so that the second one has a result that is not stored yet.
        while asked() < before + 3 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        erase_competitor(synced.app.context(), Operator, competitors[1]).await.expect("erased");
        synced.fake.switch(|switches| switches.latency_ms = 0);
    };
    let (run, ()) = tokio::join!(synced.run(RunScope::All), erase);
    assert_eq!((run.total, run.failed), (3, 0), "{run:?}");
    let states = "SELECT count(*) FROM game_platform_sync_state";
    assert_eq!(synced.app.count(states).await, 2);
    synced.app.finish().await;
}

#[tokio::test]
async fn a_roster_that_leaves_the_rollout_during_a_run_is_skipped_and_the_others_go_on() {
    let synced = Synced::with(|config| config.game_platform_concurrency = 1).await;
    let (_, leaving) = synced.roster_of("coach", 3).await;
    let (_, others) = synced.roster_of("other", 3).await;
    synced.run(RunScope::All).await;
    synced.advance(TimeDelta::minutes(10));
    for competitor in leaving.iter().chain(&others) {
        synced.fake.book_some(&competitor.to_string(), 1);
    }
    let scores = "GET /scores/get_odl_scores";
    let asked = || synced.fake.calls().get(scores).copied().unwrap_or(0);
    let before = asked();
    synced.fake.switch(|switches| switches.latency_ms = 500);
    let leave = async {
        while asked() <= before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        synced.only("other").await;
        synced.fake.switch(|switches| switches.latency_ms = 0);
    };
    let (run, ()) = tokio::join!(synced.run(RunScope::All), leave);
    assert_eq!(run.outcome, Some(RunOutcome::Success), "{run:?}");
    assert_eq!((run.total, run.failed), (6, 0), "{run:?}");
    assert_eq!(run.synced + run.skipped, 6, "{run:?}");
    assert!(run.skipped >= 2, "{run:?}");
    let ids = others.iter().map(|id| format!("'{id}'"));
    let ids = ids.collect::<Vec<_>>().join(", ");
    let stored = format!(
        "SELECT count(*) FROM game_platform_challenge_solves WHERE syned_user_id IN ({ids})"
    );
    assert_eq!(synced.app.count(&stored).await, 3);
    synced.app.finish().await;
}

#[tokio::test]
async fn requests_are_counted_by_run_and_by_comparison() {
    let synced = Synced::start().await;
    let (_, competitors) = synced.roster_of("coach", 3).await;
    let (app, context) = (&synced.app, synced.app.context());
    let before = synced.calls();
    let run = synced.run(RunScope::All).await;
    assert_eq!(u64::try_from(run.calls), Ok(synced.calls() - before));
    let platforms = Platforms::of(&app.server.config);
    send_password_reset(context, &platforms, Operator, competitors[0]).await.expect("sent");
    let before = synced.calls();
    request_reconciliation(context, Some(Operator), CompareScope::All).await.expect("requested");
    app.work().await;
    let stored = "SELECT calls AS value FROM game_platform_reconciliations";
    let compared = i64::try_from(synced.calls() - before).expect("few");
    assert!(compared >= 6, "the account and the results of each");
    let stored = app.count(stored).await;
    assert_eq!(stored, compared);
    let day = reads::calls_of_day(&context.db, context.now()).await;
    assert_eq!(day.expect("read"), run.calls + compared);
    synced.app.finish().await;
}
