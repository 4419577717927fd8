//! Comparisons with the game platform, and the removal of each difference.

use chrono::TimeDelta;
use ctf::{
    actions::{
        add_team_member, confirm_erasure, create_team, edit_team, erase_competitor,
        request_reconciliation, sync_team,
    },
    gateway::Platforms,
    model::{CompetitorId, ReconciliationId, RosterId, TeamId},
    reads,
    rules::{
        compare::CompareScope, reconcile_kinds::DifferenceKind, runs::RunScope, teams::TeamInput,
    },
};
use identity::model::Role;
use platform::{
    audit::Actor::Operator,
    flags::{FlagChange, Outgoing as _},
};
use testkit::fake_game_platform::Booking;

use super::platform::Synced;
use crate::{
    app::{TestApp, browser::Browser},
    flags::{set, to},
};

const PAGE: &str = "/admin/game-platform/reconciliation";

/// The ID of a team that this server can have made.
pub(super) const FOREIGN: &str = "0192aaaa-bbbb-7ccc-8ddd-0123456789ab";

impl Synced {
    /// Compares everyone with the platform, and returns the number of open differences of each kind.
    pub(super) async fn compare(&self) -> Vec<(DifferenceKind, i64)> {
        let context = self.app.context();
        // What a sync asked for, or changed, at the same instant is not compared.
        self.advance(TimeDelta::minutes(10));
        let requested = request_reconciliation(context, Some(Operator), CompareScope::All).await;
        requested.expect("requested");
        self.app.work().await;
        let counts = reads::difference_counts(&context.db).await;
        counts.expect("read")
    }

    pub(super) async fn admin(&self) -> Browser<'_> {
        self.app.browser_with("admin", Role::Admin).await
    }

    /// Removes each difference that has a button, and returns the kinds of the others.
    async fn fix_all(&self, admin: &Browser<'_>) -> Vec<DifferenceKind> {
        let open = reads::differences(&self.app.context().db, None, None, 100).await;
        let mut left = Vec::new();
        for difference in open.expect("read") {
            let kind = difference.kind;
            let address = format!("/admin/game-platform/differences/{}", difference.id);
            if kind.message("", "", "").is_some() {
                let drafted = admin.get(&format!("{address}/message")).await;
                let id = difference.platform_id.expect("an ID on the platform");
                assert!(drafted.text.contains(&id), "{kind:?}: {}", drafted.text);
                let refused = admin.post(&format!("{address}/fix"), &[]).await;
                assert_eq!(refused.status, 409, "{kind:?}");
                left.push(kind);
                continue;
            }
            let fixed = admin.post(&format!("{address}/fix"), &[]).await;
            assert_eq!(fixed.status, 303, "{kind:?}: {}", fixed.text);
        }
        self.app.work().await;
        left
    }

    /// Creates a team with members, and sends it.
    pub(super) async fn sent_team(
        &self,
        roster: RosterId,
        name: &str,
        members: &[CompetitorId],
    ) -> TeamId {
        let team = self.team(roster, name).await;
        for member in members {
            add_team_member(self.app.context(), Operator, team, *member).await.expect("added");
        }
        let platforms = Platforms::of(&self.app.server.config);
        let report = sync_team(self.app.context(), &platforms, Operator, team).await;
        assert_eq!(report.expect("sent").error, None);
        team
    }

    async fn team(&self, roster: RosterId, name: &str) -> TeamId {
        let created = create_team(self.app.context(), Operator, roster, &team(name)).await;
        created.expect("created")
    }
}

fn team(name: &str) -> TeamInput {
    TeamInput {
        name: name.to_owned(),
        division: "high_school".to_owned(),
        affiliation: "Harbor High".to_owned(),
    }
}

async fn with_addresses(app: &TestApp) {
    app.change("UPDATE competitors SET email_school = last_name || '@school.example'")
        .await
        .expect("changed");
}

#[tokio::test]
async fn each_difference_of_an_account_is_removed_by_its_button() {
    let synced = Synced::start().await;
    let (_, people) = synced.roster_of("coach", 6).await;
    with_addresses(&synced.app).await;
    synced.run(RunScope::All).await;
    assert_eq!(synced.compare().await, []);
    let admin = synced.admin().await;
    let page = admin.get(PAGE).await.text;
    assert!(page.contains("No differences"), "{page}");

    let [gone, forgotten, denied, replaced, ahead, fine] = people[..] else {
        panic!("six competitors")
    };
    synced.fake.remove_user(&gone.to_string());
    let forget = format!(
        "UPDATE competitors SET game_platform_id = NULL WHERE game_platform_id = '{forgotten}'"
    );
    synced.app.change(&forget).await.expect("cleared");
    synced.fake.set_status(&denied.to_string(), "denied", None);
    synced.fake.remove_user(&replaced.to_string());
    synced.fake.add_user(&replaced.to_string(), "coach3");
    let at = synced.app.context().now().timestamp() - 3 * 3_600;
    let late = Booking {
        syned_user_id: ahead.to_string(),
        timestamp_unix: Some(at),
        ..Booking::default()
    };
    synced.fake.book(&late);
    // The next sync sees this one.
    synced.fake.book_some(&fine.to_string(), 1);
    let expected = [
        DifferenceKind::AccountMissing,
        DifferenceKind::AccountUnrecorded,
        DifferenceKind::AccountChanged,
        DifferenceKind::AccountReplaced,
        DifferenceKind::Totals,
    ];
    let mut found = synced.compare().await;
    found.sort();
    assert_eq!(found, expected.map(|kind| (kind, 1)));
    let page = admin.get(PAGE).await.text;
    for kind in expected {
        assert!(page.contains(kind.heading()), "{kind:?}: {page}");
        let one = admin.get(&format!("{PAGE}?kind={}", kind.as_str())).await;
        assert_eq!(one.text.matches("<th scope=\"row\">").count(), 1, "{kind:?}");
    }

    let left = synced.fix_all(&admin).await;
    assert_eq!(left, [DifferenceKind::AccountReplaced]);
    assert_eq!(synced.compare().await, [(DifferenceKind::AccountReplaced, 1)]);
    assert!(synced.fake.users().contains(&gone.to_string()));
    assert_eq!(synced.solves().await, 1);
    synced.app.finish().await;
}

#[tokio::test]
async fn each_difference_of_a_team_is_removed_by_its_button() {
    let synced = Synced::start().await;
    let (roster, people) = synced.roster_of("coach", 6).await;
    with_addresses(&synced.app).await;
    synced.run(RunScope::All).await;
    let [first, second, missing, elsewhere, extra, stranger] = people[..] else {
        panic!("six competitors")
    };
    let owls = synced.sent_team(roster, "Owls", &[first, missing]).await;
    let wrens = synced.sent_team(roster, "Wrens", &[second, elsewhere]).await;
    let larks = synced.sent_team(roster, "Larks", &[stranger]).await;
    assert_eq!(synced.compare().await, []);

    let there = |team: TeamId| team.to_string();
    synced.team(roster, "Herons").await;
    edit_team(synced.app.context(), Operator, owls, &team("Night Owls")).await.expect("renamed");
    synced.fake.remove_team(&there(larks));
    synced.fake.take_out_of_team(&missing.to_string());
    synced.fake.put_into_team(&elsewhere.to_string(), &there(owls), "Owls");
    synced.fake.put_into_team(&extra.to_string(), FOREIGN, "Strangers");
    let mut found = synced.compare().await;
    found.sort();
    let expected = [
        DifferenceKind::TeamUnsent,
        DifferenceKind::TeamMissing,
        DifferenceKind::TeamRenamed,
        DifferenceKind::TeamUnknown,
        DifferenceKind::MemberMissing,
        DifferenceKind::MemberElsewhere,
        DifferenceKind::MemberExtra,
    ];
    assert_eq!(found, expected.map(|kind| (kind, 1)));

    let admin = synced.admin().await;
    let left = synced.fix_all(&admin).await;
    assert_eq!(left, [DifferenceKind::TeamRenamed]);
    assert_eq!(synced.compare().await, [(DifferenceKind::TeamRenamed, 1)]);
    let team_of = |id: CompetitorId| synced.fake.team_of(&id.to_string());
    assert_eq!(team_of(missing), Some(there(owls)));
    assert_eq!(team_of(elsewhere), Some(there(wrens)));
    assert_eq!(team_of(stranger), Some(there(larks)));
    assert_eq!(team_of(extra), None);
    assert!(!synced.fake.teams().contains(&FOREIGN.to_owned()));
    synced.app.finish().await;
}

#[tokio::test]
async fn the_account_of_an_erased_competitor_is_a_difference_until_it_is_deleted() {
    let synced = Synced::start().await;
    let (_, people) = synced.roster_of("coach", 1).await;
    synced.run(RunScope::All).await;
    let context = synced.app.context();
    erase_competitor(context, Operator, people[0]).await.expect("erased");
    let open = [(DifferenceKind::AccountErased, 1)];
    assert_eq!(synced.compare().await, open);
    let admin = synced.admin().await;
    assert_eq!(synced.fix_all(&admin).await, [DifferenceKind::AccountErased]);
    let deletions = reads::erasures(&context.db, None).await.expect("read");
    confirm_erasure(context, Operator, deletions.rows[0].id).await.expect("confirmed");
    synced.fake.remove_user(&people[0].to_string());
    assert_eq!(synced.compare().await, []);
    synced.app.finish().await;
}

#[tokio::test]
async fn a_platform_that_fails_resolves_no_difference() {
    let synced = Synced::start().await;
    let (_, people) = synced.roster_of("coach", 2).await;
    synced.run(RunScope::All).await;
    synced.fake.set_status(&people[0].to_string(), "denied", None);
    let open = [(DifferenceKind::AccountChanged, 1)];
    assert_eq!(synced.compare().await, open);
    synced.fake.set_status(&people[0].to_string(), "approved", None);
    synced.fake.switch(|switches| switches.outage = true);
    assert_eq!(synced.compare().await, open);
    synced.fake.switch(|switches| switches.outage = false);
    synced.advance(TimeDelta::minutes(5));
    assert_eq!(synced.compare().await, []);
    synced.app.finish().await;
}

#[tokio::test]
async fn a_sample_compares_that_many_competitors() {
    let synced = Synced::start().await;
    synced.roster_of("coach", 5).await;
    synced.run(RunScope::All).await;
    let admin = synced.admin().await;
    for number in ["0", "51", "", "some", "99999999999999999999"] {
        let refused = admin.post("/admin/game-platform/sample", &[("number", number)]).await;
        refused.refuses_form(422, Some("number"), "from 1 to 50");
    }
    let before = synced.calls();
    let done = admin.post("/admin/game-platform/sample", &[("number", "2")]).await;
    assert_eq!(done.status, 303, "{}", done.text);
    synced.app.work().await;
    // The account and the results of each.
    assert_eq!(synced.calls() - before, 4);
    let page = admin.get(PAGE).await.text;
    assert!(page.contains("2 competitors compared"), "{page}");
    synced.app.finish().await;
}

#[tokio::test]
async fn a_sample_is_drawn_from_those_who_may_be_asked() {
    let synced = Synced::start().await;
    let (_, people) = synced.roster_of("coach", 14).await;
    let (_, held) = synced.roster_of("other", 6).await;
    synced.run(RunScope::All).await;
    let app = &synced.app;
    let among = |people: &[CompetitorId]| {
        let ids = people.iter().map(|id| format!("'{id}'"));
        ids.collect::<Vec<_>>().join(", ")
    };
    for (change, people) in [
        ("is_18_or_over = FALSE, release_signed = FALSE", &people[..4]),
        ("release_withdrawn_at = created_at", &people[4..8]),
        ("confirmed_at = NULL", &people[8..12]),
    ] {
        let people = among(people);
        let sql = format!("UPDATE competitors SET {change} WHERE game_platform_id IN ({people})");
        app.change(&sql).await.expect(change);
    }
    let only = FlagChange {
        enabled: Some(true),
        rollout_percent: Some(0),
        people: Some([app.person_id("coach").await].into()),
        ..FlagChange::default()
    };
    set(app, ctf::gateway::GamePlatformCalls::FLAG.name, only).await;
    assert_eq!(held.len(), 6);
    let before = synced.calls();
    request_reconciliation(app.context(), Some(Operator), CompareScope::Sample(2))
        .await
        .expect("requested");
    app.work().await;
    assert_eq!(synced.calls() - before, 4, "the account and the results of each");
    let compared = "SELECT competitors + 100 * skipped FROM game_platform_reconciliations";
    assert_eq!(app.count(compared).await, 2);
    synced.app.finish().await;
}

#[tokio::test]
async fn a_sample_and_a_comparison_of_everyone_run_at_once() {
    let synced = Synced::start().await;
    let (_, people) = synced.roster_of("coach", 30).await;
    synced.run(RunScope::All).await;
    let context = synced.app.context();
    for round in 0..6 {
        // Half of the differences are new or open again, and the others are resolved.
        for (number, competitor) in people.iter().enumerate() {
            let status = match (number + round) % 2 {
                0 => "denied",
                _ => "approved",
            };
            synced.fake.set_status(&competitor.to_string(), status, None);
        }
        request_reconciliation(context, Some(Operator), CompareScope::All)
            .await
            .expect("requested");
        request_reconciliation(context, Some(Operator), CompareScope::Sample(30))
            .await
            .expect("requested");
        tokio::join!(synced.app.work(), synced.app.work());
        let open = reads::difference_counts(&context.db).await.expect("read");
        assert_eq!(open, [(DifferenceKind::AccountChanged, 15)]);
    }
    let ended = "SELECT count(*) FROM game_platform_reconciliations WHERE outcome = 'success'";
    assert_eq!(synced.app.count(ended).await, 12);
    synced.app.finish().await;
}

#[tokio::test]
async fn comparisons_that_are_requested_at_once_are_one() {
    let synced = Synced::start().await;
    synced.roster_of("coach", 1).await;
    let context = synced.app.context();
    let request = || request_reconciliation(context, Some(Operator), CompareScope::All);
    let requested = futures_util::future::join_all((0..8).map(|_| request())).await;
    let ids: Vec<ReconciliationId> =
        requested.into_iter().map(|requested| requested.expect("requested")).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    synced.app.finish().await;
}

#[tokio::test]
async fn nothing_is_compared_or_changed_while_the_integration_is_off() {
    let synced = Synced::start().await;
    let (_, people) = synced.roster_of("coach", 1).await;
    synced.run(RunScope::All).await;
    synced.fake.set_status(&people[0].to_string(), "denied", None);
    synced.compare().await;
    let context = synced.app.context();
    let open = reads::differences(&context.db, None, None, 1).await;
    let id = open.expect("read")[0].id;
    let fix = format!("/admin/game-platform/differences/{id}/fix");
    let off = to(false, 100);
    set(&synced.app, ctf::gateway::GamePlatformCalls::FLAG.name, off).await;
    let admin = synced.admin().await;
    let before = synced.calls();
    for path in [PAGE, "/admin/game-platform/sample", fix.as_str()] {
        assert_eq!(admin.post(path, &[]).await.status, 409, "{path}");
    }
    assert_eq!(synced.calls(), before);
    let page = admin.get(PAGE).await.text;
    assert!(page.contains("Nothing is compared."), "{page}");

    let on = to(true, 100);
    set(&synced.app, ctf::gateway::GamePlatformCalls::FLAG.name, on).await;
    assert_eq!(admin.post(&fix, &[]).await.status, 303);
    assert_eq!(admin.post(&fix, &[]).await.status, 404);
    let message = format!("/admin/game-platform/differences/{id}/message");
    assert_eq!(admin.get(&message).await.status, 404);
    synced.app.finish().await;
}

#[tokio::test]
async fn a_coach_compares_a_sample_of_the_roster_every_five_minutes() {
    let synced = Synced::start().await;
    let (roster, people) = synced.roster_of("coach", 3).await;
    let (_, others) = synced.roster_of("other", 3).await;
    synced.run(RunScope::All).await;
    for id in people.iter().chain(&others) {
        synced.fake.set_status(&id.to_string(), "denied", None);
    }
    let coach = synced.app.browser_of("coach").await;
    let page = format!("/ctf/rosters/{roster}/comparison");
    let empty = coach.get(&page).await.text;
    assert!(empty.contains("Not compared yet"), "{empty}");
    for number in ["0", "51", "", "some"] {
        let refused = coach.post(&page, &[("number", number)]).await;
        refused.refuses_form(422, Some("number"), "from 1 to 50");
    }
    let before = synced.calls();
    let done = coach.post(&page, &[("number", "10")]).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let again = coach.post(&page, &[("number", "9")]).await;
    assert_eq!(again.status, 429, "{}", again.text);
    assert!(again.text.contains("again in 5 minutes"), "{}", again.text);
    synced.app.work().await;
    // The account and the results of each of the three.
    assert_eq!(synced.calls() - before, 6);
    let found = coach.get(&page).await.text;
    assert_eq!(found.matches("Account changed").count(), 3, "{found}");
    let other = synced.app.browser_of("other").await;
    assert_eq!(other.get(&page).await.status, 404);
    synced.advance(TimeDelta::minutes(5));
    let later = coach.post(&page, &[("number", "1")]).await;
    assert_eq!(later.status, 303, "{}", later.text);
    synced.app.finish().await;
}
