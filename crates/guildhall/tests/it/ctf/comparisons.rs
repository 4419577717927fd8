//! Comparisons with the game platform: who belongs to another server, who is asked for, and what changes meanwhile.

use std::time::Duration;

use chrono::TimeDelta;
use ctf::{
    actions::erase_competitor,
    gateway::GamePlatformCalls,
    model::RosterRole,
    reads,
    rules::{reconcile_kinds::DifferenceKind, runs::RunScope},
};
use guildhall::{MODULES, privacy};
use platform::{
    audit::Actor::Operator,
    flags::{FlagChange, Outgoing as _},
};

use super::{platform::Synced, reconciliation::FOREIGN};
use crate::flags::set;

/// The ID of a team and of an account of another server on the platform.
const STAGING: &str = "staging-0192aaaa-bbbb-7ccc-8ddd-0123456789ab";

impl Synced {
    /// Turns the integration off for everyone but one person.
    pub(super) async fn only(&self, login: &str) {
        let only = FlagChange {
            enabled: Some(true),
            rollout_percent: Some(0),
            people: Some([self.app.person_id(login).await].into()),
            ..FlagChange::default()
        };
        set(&self.app, GamePlatformCalls::FLAG.name, only).await;
    }

    /// Returns the number of requests for accounts.
    fn accounts(&self) -> u64 {
        self.fake.calls().get("GET /users").copied().unwrap_or(0)
    }

    /// Waits until the platform was asked for a number of accounts. It has not answered the last one.
    async fn asked(&self, accounts: u64) {
        while self.accounts() < accounts {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test]
async fn a_team_of_another_server_is_neither_found_nor_deleted() {
    let synced = Synced::start().await;
    synced.roster_of("coach", 1).await;
    synced.run(RunScope::All).await;
    synced.fake.add_user(STAGING, "elsewhere");
    synced.fake.put_into_team(STAGING, STAGING, "Theirs");
    assert_eq!(synced.compare().await, []);
    synced.fake.put_into_team(STAGING, FOREIGN, "Strangers");
    let unknown = [(DifferenceKind::TeamUnknown, 1)];
    assert_eq!(synced.compare().await, unknown);
    // A comparison of before, or with another prefix, stored it.
    synced
        .app
        .change(&format!("UPDATE game_platform_differences SET platform_id = '{STAGING}'"))
        .await
        .expect("changed");
    let open = reads::differences(&synced.app.context().db, None, None, 1).await;
    let id = open.expect("read")[0].id;
    let admin = synced.admin().await;
    let fix = format!("/admin/game-platform/differences/{id}/fix");
    let refused = admin.post(&fix, &[]).await;
    refused.refuses(409, "GAME_PLATFORM_FAILED", "belongs to another server");
    assert!(synced.fake.teams().contains(&STAGING.to_owned()));
    assert_eq!(synced.fake.team_of(STAGING), Some(FOREIGN.to_owned()));
    synced.app.finish().await;
}

#[tokio::test]
async fn a_team_member_whose_id_an_operator_cleared_is_known() {
    let synced = Synced::start().await;
    let (roster, people) = synced.roster_of("coach", 2).await;
    synced.run(RunScope::All).await;
    synced.sent_team(roster, "Owls", &people).await;
    let forget = format!(
        "UPDATE competitors SET game_platform_id = NULL WHERE game_platform_id = '{}'",
        people[0]
    );
    synced.app.change(&forget).await.expect("cleared");
    let expected = [(DifferenceKind::AccountUnrecorded, 1)];
    assert_eq!(synced.compare().await, expected);
    synced.app.finish().await;
}

#[tokio::test]
async fn the_account_of_a_coach_is_read_and_compared_with_the_roster() {
    let synced = Synced::start().await;
    let app = &synced.app;
    let (coach, roster) = app.roster("coach").await;
    let id = coach.to_string();
    synced.fake.add_coach(&id, "coach");
    synced.fake.set_status(&id, "pending_approval", None);
    let ada = app.competitor(roster, "Ada", "Quill").await;
    synced.fake.add_user(&ada.to_string(), "ada");
    synced.run(RunScope::All).await;
    app.shared_with(roster, "assistant", RosterRole::Assistant).await;
    synced.only("assistant").await;
    synced.fake.set_status(&id, "approved", None);
    synced.advance(TimeDelta::hours(23));
    synced.run(RunScope::All).await;
    let status =
        "SELECT metactf_user_status AS value FROM coaches WHERE game_platform_id IS NOT NULL";
    assert_eq!(app.values(status).await, ["approved"]);
    synced.fake.set_status(&id, "denied", None);
    let changed = [(DifferenceKind::AccountChanged, 1)];
    assert_eq!(synced.compare().await, changed);
    let open = reads::differences(&app.context().db, None, None, 1).await;
    let fix = format!("/admin/game-platform/differences/{}/fix", open.expect("read")[0].id);
    let fixed = synced.admin().await.post(&fix, &[]).await;
    assert_eq!(fixed.status, 303, "{}", fixed.text);
    assert_eq!(app.values(status).await, ["denied"]);
    assert_eq!(synced.compare().await, []);
    synced.app.finish().await;
}

#[tokio::test]
async fn a_roster_that_leaves_the_rollout_ends_no_comparison() {
    let synced = Synced::with(|config| config.game_platform_concurrency = 1).await;
    synced.roster_of("coach", 3).await;
    synced.roster_of("other", 3).await;
    synced.run(RunScope::All).await;
    let before = synced.accounts();
    synced.fake.switch(|switches| switches.latency_ms = 500);
    let leave = async {
        synced.asked(before + 1).await;
        synced.only("other").await;
        synced.fake.switch(|switches| switches.latency_ms = 0);
    };
    let (found, ()) = tokio::join!(synced.compare(), leave);
    assert_eq!(found, []);
    let ended = "SELECT count(*) FROM game_platform_reconciliations \
                 WHERE outcome = 'success' AND failed = 0 AND competitors >= 3 AND skipped >= 2";
    assert_eq!(synced.app.count(ended).await, 1);
    synced.app.finish().await;
}

#[tokio::test]
async fn a_comparison_finds_nothing_about_who_is_erased_meanwhile() {
    let synced = Synced::with(|config| config.game_platform_concurrency = 1).await;
    let (_, people) = synced.roster_of("coach", 1).await;
    synced.run(RunScope::All).await;
    let ada = people[0].to_string();
    synced.fake.set_status(&ada, "denied", None);
    let before = synced.accounts();
    synced.fake.switch(|switches| switches.latency_ms = 500);
    let erase = async {
        synced.asked(before + 1).await;
        erase_competitor(synced.app.context(), Operator, people[0]).await.expect("erased");
        synced.fake.switch(|switches| switches.latency_ms = 0);
    };
    let (found, ()) = tokio::join!(synced.compare(), erase);
    // The account has to be deleted there.
    assert_eq!(found, [(DifferenceKind::AccountErased, 1)]);
    synced.app.finish().await;
}

#[tokio::test]
async fn a_comparison_finds_nothing_about_a_coach_who_is_erased_meanwhile() {
    let synced = Synced::with(|config| config.game_platform_concurrency = 1).await;
    synced.roster_of("coach", 1).await;
    synced.run(RunScope::All).await;
    let app = &synced.app;
    app.change("UPDATE coaches SET metactf_user_status = 'denied'").await.expect("changed");
    let person = app.person_id("coach").await.into();
    let before = synced.accounts();
    synced.fake.switch(|switches| switches.latency_ms = 500);
    let erase = async {
        // After the account of the competitor.
        synced.asked(before + 2).await;
        privacy::erase(MODULES, app.context(), Operator, person).await.expect("erased");
        synced.fake.switch(|switches| switches.latency_ms = 0);
    };
    let (found, ()) = tokio::join!(synced.compare(), erase);
    assert_eq!(found, []);
    synced.app.finish().await;
}
