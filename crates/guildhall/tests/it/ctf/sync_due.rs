//! The schedules of the sync: what they request, and when.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use ctf::{
    gateway::GamePlatformCalls,
    reads,
    rules::{
        runs::{RunOutcome, RunScope},
        sync_health::SyncHealth,
    },
};
use platform::flags::{FlagChange, Outgoing as _};

use super::platform::{Synced, counts};
use crate::flags::{set, to};

const SYNC: &str = "GamePlatformSync";
const TOTALS: &str = "GamePlatformTotals";

impl Synced {
    async fn number_of_runs(&self) -> i64 {
        let sql = "SELECT count(*) FROM game_platform_sync_runs";
        self.app.count(sql).await
    }

    async fn turn(&self, wanted: FlagChange) {
        set(&self.app, GamePlatformCalls::FLAG.name, wanted).await;
    }

    async fn health(&self) -> SyncHealth {
        let context = self.app.context();
        let health = reads::sync_health(&context.db, context.now()).await;
        health.expect("read")
    }
}

#[tokio::test]
async fn competitors_who_are_held_back_cause_no_runs() {
    let synced = Synced::start().await;
    synced.roster_of("coach", 2).await;
    synced.turn(to(true, 0)).await;
    let run = synced.run(RunScope::All).await;
    assert_eq!(counts(&run), (0, 2, 0));
    for _ in 0..2 {
        synced.advance(TimeDelta::minutes(10));
        assert_eq!(synced.app.run_schedule(SYNC).await, "nothing is due");
    }
    assert_eq!(synced.number_of_runs().await, 1);
    synced.turn(to(true, 100)).await;
    let report = synced.app.run_schedule(SYNC).await;
    assert_eq!(report, "requested a run for new");
    synced.app.work().await;
    let there = "SELECT count(*) FROM competitors WHERE game_platform_id IS NOT NULL";
    assert_eq!(synced.app.count(there).await, 2);
    synced.advance(TimeDelta::minutes(10));
    assert_eq!(synced.app.run_schedule(SYNC).await, "nothing is due");
    synced.app.finish().await;
}

#[tokio::test]
async fn a_run_without_a_request_says_nothing_about_the_token() {
    let synced = Synced::start().await;
    synced.roster_of("coach", 2).await;
    synced.run(RunScope::All).await;
    synced.advance(TimeDelta::minutes(1));
    synced.fake.switch(|switches| switches.rejected = true);
    let run = synced.run(RunScope::All).await;
    assert_eq!(run.outcome, Some(RunOutcome::Rejected));
    synced.advance(TimeDelta::minutes(1));
    let idle = synced.run(RunScope::Totals).await;
    assert_eq!(idle.outcome, Some(RunOutcome::Success));
    assert_eq!((idle.total, idle.calls), (0, 0));
    let last = synced.health().await.last_outcome;
    assert_eq!(last.map(RunOutcome::as_str), Some("rejected"));
    synced.advance(TimeDelta::minutes(1));
    synced.fake.switch(|switches| switches.rejected = false);
    synced.run(RunScope::All).await;
    let last = synced.health().await.last_outcome;
    assert_eq!(last.map(RunOutcome::as_str), Some("success"));
    synced.app.finish().await;
}

#[tokio::test]
async fn a_full_run_without_success_is_repeated_soon() {
    let synced = Synced::start().await;
    synced.roster_of("coach", 12).await;
    synced.run(RunScope::All).await;
    synced.advance(TimeDelta::hours(6));
    synced.fake.switch(|switches| switches.outage = true);
    let report = synced.app.run_schedule(SYNC).await;
    assert_eq!(report, "requested a run for all");
    synced.app.work().await;
    synced.fake.switch(|switches| switches.outage = false);
    let outcomes = "SELECT outcome AS value FROM game_platform_sync_runs ORDER BY id DESC LIMIT 1";
    assert_ne!(synced.app.values(outcomes).await, ["success"]);
    synced.advance(TimeDelta::minutes(20));
    assert_eq!(synced.app.run_schedule(SYNC).await, "nothing is due");
    synced.advance(TimeDelta::minutes(10));
    let report = synced.app.run_schedule(SYNC).await;
    assert_eq!(report, "requested a run for all");
    synced.app.work().await;
    assert_eq!(synced.app.values(outcomes).await, ["success"]);
    synced.advance(TimeDelta::minutes(40));
    assert_eq!(synced.app.run_schedule(SYNC).await, "nothing is due");
    synced.app.finish().await;
}

#[tokio::test]
async fn a_pause_is_recorded_once_and_is_no_silence() {
    let synced = Synced::start().await;
    synced.roster_of("coach", 1).await;
    synced.run(RunScope::All).await;
    let succeeded = synced.app.context().now();
    assert_eq!(synced.health().await.full.silent_since(), Some(succeeded));
    synced.turn(to(false, 100)).await;
    for _ in 0..3 {
        synced.advance(TimeDelta::hours(7));
        let report = synced.app.run_schedule(SYNC).await;
        assert_eq!(report, "the game platform is off");
    }
    assert_eq!(synced.number_of_runs().await, 2);
    synced.turn(to(true, 100)).await;
    assert_eq!(synced.health().await.full.silent_since(), None);
    let report = synced.app.run_schedule(SYNC).await;
    assert_eq!(report, "requested a run for all");
    let resumed = synced.app.context().now();
    assert_eq!(synced.health().await.full.silent_since(), Some(resumed));
    synced.app.work().await;
    synced.app.finish().await;
}

#[tokio::test]
async fn totals_of_those_who_must_not_be_asked_cause_no_runs() {
    let synced = Synced::start().await;
    synced.roster_of("coach", 3).await;
    synced.run(RunScope::All).await;
    for change in [
        "UPDATE game_platform_sync_state SET needs_totals_refresh = TRUE",
        "UPDATE competitors SET left_at = created_at WHERE last_name = 'Quill0'",
        "UPDATE competitors SET release_withdrawn_at = created_at WHERE last_name = 'Quill1'",
    ] {
        synced.app.change(change).await.expect(change);
    }
    let old = |number: i64| format!("competitors with old totals: {number}");
    assert_eq!(synced.app.run_schedule(TOTALS).await, old(1));
    synced.app.work().await;
    assert_eq!(synced.app.run_schedule(TOTALS).await, old(0));
    assert_eq!(synced.number_of_runs().await, 2);
    synced.app.finish().await;
}

#[tokio::test]
async fn those_who_are_held_back_do_not_displace_others_from_the_totals() {
    let synced = Synced::start().await;
    let (_, competitors) = synced.roster_of("coach", 1).await;
    synced.run(RunScope::All).await;
    let app = &synced.app;
    let (_, held) = app.roster("other").await;
    for number in 0..100 {
        app.competitor(held, "Bo", &format!("Held{number}")).await;
    }
    for change in [
        "UPDATE competitors SET game_platform_id = 'held-' || last_name WHERE first_name = 'Bo'",
        "INSERT INTO game_platform_sync_state (syned_user_id, last_attempt_at, last_result, consecutive_failures) \
         SELECT game_platform_id, created_at, 'success', 0 FROM competitors WHERE first_name = 'Bo'",
        "UPDATE game_platform_sync_state SET needs_totals_refresh = TRUE",
    ] {
        app.change(change).await.expect(change);
    }
    let pilot = BTreeSet::from([app.person_id("coach").await]);
    synced.turn(FlagChange { people: Some(pilot), ..to(true, 0) }).await;
    let report = app.run_schedule(TOTALS).await;
    assert_eq!(report, "competitors with old totals: 1");
    app.work().await;
    let old = "SELECT count(*) FROM game_platform_sync_state WHERE needs_totals_refresh";
    assert_eq!(app.count(old).await, 100, "not {}", competitors[0]);
    let totals = "SELECT total AS value FROM game_platform_sync_runs WHERE scope = 'totals'";
    assert_eq!(app.count(totals).await, 1);
    synced.app.finish().await;
}
