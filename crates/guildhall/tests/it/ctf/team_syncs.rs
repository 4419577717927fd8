//! Teams and memberships as the game platform follows them: moves between teams, failed calls, lost answers and deletions.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use ctf::{
    actions::{
        TeamReport, add_team_member, create_team, delete_team, move_competitor, remove_team_member,
        sync_team,
    },
    gateway::{
        Assignment, FlashEvent, GamePlatform, GamePlatformCalls, NewTeam, NewUser, OdlScores,
        PlatformCall, PlatformError, PlatformUser, Platforms,
    },
    model::{CompetitorId, RosterId, TeamId},
    reads,
    rules::{runs::RunScope, teams::TeamInput},
};
use futures_util::future::BoxFuture;
use kernel::Timestamp;
use platform::{
    audit::Actor::Operator,
    flags::{FlagChange, Outgoing as _},
};
use uuid::Uuid;

use super::platform::Synced;
use crate::flags::{set, to};

/// Work that is done before the first call that takes a person out of a team; an error is the answer to that call.
type Before = BoxFuture<'static, Result<(), PlatformError>>;

/// A client of the platform with work that is done in between.
struct Meanwhile {
    client: Arc<dyn GamePlatform>,
    before: Mutex<Option<Before>>,
}

impl fmt::Debug for Meanwhile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meanwhile").finish_non_exhaustive()
    }
}

impl GamePlatform for Meanwhile {
    fn id_of(&self, id: Uuid) -> String {
        self.client.id_of(id)
    }

    fn user<'a>(&'a self, id: &'a str) -> PlatformCall<'a, Option<PlatformUser>> {
        self.client.user(id)
    }

    fn create_user(&self, user: NewUser) -> PlatformCall<'_, PlatformUser> {
        self.client.create_user(user)
    }

    fn create_team(&self, team: NewTeam) -> PlatformCall<'_, ()> {
        self.client.create_team(team)
    }

    fn delete_team<'a>(&'a self, team: &'a str) -> PlatformCall<'a, ()> {
        self.client.delete_team(team)
    }

    fn assign<'a>(&'a self, team: &'a str, user: &'a str) -> PlatformCall<'a, ()> {
        self.client.assign(team, user)
    }

    fn unassign<'a>(&'a self, user: &'a str) -> PlatformCall<'a, ()> {
        let before = self.before.lock();
        let before = before.unwrap_or_else(PoisonError::into_inner).take();
        Box::pin(async move {
            if let Some(before) = before {
                before.await?;
            }
            self.client.unassign(user).await
        })
    }

    fn assignments<'a>(&'a self, team: Option<&'a str>) -> PlatformCall<'a, Vec<Assignment>> {
        self.client.assignments(team)
    }

    fn odl_scores<'a>(
        &'a self,
        user: &'a str,
        after: Option<Timestamp>,
    ) -> PlatformCall<'a, OdlScores> {
        self.client.odl_scores(user, after)
    }

    fn flash_progress<'a>(&'a self, user: &'a str) -> PlatformCall<'a, Vec<FlashEvent>> {
        self.client.flash_progress(user)
    }

    fn send_password_reset<'a>(&'a self, user: &'a str) -> PlatformCall<'a, ()> {
        self.client.send_password_reset(user)
    }
}

fn platforms(synced: &Synced) -> Platforms {
    Platforms::of(&synced.app.server.config)
}

/// Returns the platform of the server, with work that is done in between.
fn meanwhile(synced: &Synced, before: Before) -> Platforms {
    let client = platforms(synced).open(synced.app.context(), &[]);
    Platforms::other(Arc::new(Meanwhile {
        client: client.expect("it is on for everyone"),
        before: Mutex::new(Some(before)),
    }))
}

async fn send(synced: &Synced, platforms: &Platforms, team: TeamId) -> TeamReport {
    let sent = sync_team(synced.app.context(), platforms, Operator, team).await;
    sent.expect("a report")
}

async fn team(synced: &Synced, roster: RosterId, name: &str, members: &[CompetitorId]) -> TeamId {
    let (context, input) = (synced.app.context(), input(name));
    let created = create_team(context, Operator, roster, &input).await;
    let team = created.expect("created");
    for member in members {
        add_team_member(context, Operator, team, *member).await.expect("added");
    }
    team
}

fn input(name: &str) -> TeamInput {
    TeamInput {
        name: name.to_owned(),
        division: "high_school".to_owned(),
        affiliation: "Harbor High".to_owned(),
    }
}

/// Returns the team of a competitor on the platform.
fn there(synced: &Synced, competitor: CompetitorId) -> Option<String> {
    synced.fake.team_of(&competitor.to_string())
}

/// Counts the memberships that are over here, and not ended on the platform.
async fn over(synced: &Synced) -> i64 {
    let sql = "SELECT count(*) FROM ctf_team_members WHERE left_at IS NOT NULL AND assigned_at IS NOT NULL";
    synced.app.count(sql).await
}

/// A competitor who was sent as a member of the first roster's team, and is now in a team of the second roster.
struct Moved {
    synced: Synced,
    rosters: [RosterId; 2],
    ada: CompetitorId,
    former: TeamId,
    team: TeamId,
}

impl Moved {
    async fn start() -> Self {
        let synced = Synced::start().await;
        let (first, people) = synced.roster_of("coach", 1).await;
        let (second, _) = synced.roster_of("other", 0).await;
        let ada = people[0];
        let former = team(&synced, first, "Owls", &[ada]).await;
        synced.run(RunScope::All).await;
        assert_eq!(there(&synced, ada), Some(former.to_string()));
        move_competitor(synced.app.context(), Operator, ada, second).await.expect("moved");
        let team = team(&synced, second, "Wrens", &[ada]).await;
        Self { synced, rosters: [first, second], ada, former, team }
    }

    fn there(&self) -> Option<String> {
        there(&self.synced, self.ada)
    }

    /// Requires that the competitor is in the new team, and stays there with every run.
    async fn stays(&self) {
        for _ in 0..2 {
            assert_eq!(self.there(), Some(self.team.to_string()));
            assert_eq!(over(&self.synced).await, 0);
            self.synced.run(RunScope::All).await;
        }
        assert_eq!(self.there(), Some(self.team.to_string()));
    }
}

#[tokio::test]
async fn a_competitor_who_moved_stays_in_the_new_team_whatever_is_synced_first() {
    for is_first in [true, false] {
        let moved = Moved::start().await;
        let [first, second] = moved.rosters;
        let rosters = if is_first { [first, second] } else { [second, first] };
        for roster in rosters {
            moved.synced.run(RunScope::Roster(roster)).await;
        }
        moved.stays().await;
        moved.synced.app.finish().await;
    }
}

#[tokio::test]
async fn a_competitor_is_not_assigned_before_the_former_membership_has_ended() {
    let moved = Moved::start().await;
    let synced = &moved.synced;
    let fails: Before = Box::pin(async { Err(PlatformError::Failed { status: 503 }) });
    let report = send(synced, &meanwhile(synced, fails), moved.team).await;
    assert!(report.error.is_some(), "{report:?}");
    assert_eq!(report.assigned, []);
    assert_eq!(moved.there(), Some(moved.former.to_string()));
    let error = "SELECT count(*) FROM ctf_teams WHERE game_platform_sync_error IS NOT NULL";
    assert_eq!(synced.app.count(error).await, 1);
    let report = send(synced, &platforms(synced), moved.team).await;
    assert_eq!((report.removed, report.assigned), (vec![moved.ada], vec![moved.ada]));
    assert_eq!(synced.app.count(error).await, 0);
    moved.stays().await;
    moved.synced.app.finish().await;
}

#[tokio::test]
async fn a_competitor_leaves_a_team_of_a_roster_that_is_held_back() {
    let moved = Moved::start().await;
    let app = &moved.synced.app;
    let only = FlagChange {
        enabled: Some(true),
        rollout_percent: Some(0),
        people: Some([app.person_id("other").await].into()),
        ..FlagChange::default()
    };
    set(app, GamePlatformCalls::FLAG.name, only).await;
    moved.synced.run(RunScope::All).await;
    assert_eq!(moved.there(), Some(moved.team.to_string()));
    set(app, GamePlatformCalls::FLAG.name, to(true, 100)).await;
    moved.stays().await;
    moved.synced.app.finish().await;
}

#[tokio::test]
async fn a_membership_that_a_later_one_replaced_is_settled_without_a_call() {
    let moved = Moved::start().await;
    let synced = &moved.synced;
    synced.run(RunScope::All).await;
    let stale = "UPDATE ctf_team_members SET assigned_at = created_at WHERE left_at IS NOT NULL";
    synced.app.change(stale).await.expect("as it was before");
    synced.run(RunScope::Roster(moved.rosters[0])).await;
    moved.stays().await;
    synced.app.change(stale).await.expect("as it was before");
    let (context, platforms) = (synced.app.context(), platforms(synced));
    let deleted = delete_team(context, &platforms, Operator, moved.former).await;
    assert_eq!(deleted.expect("deleted"), None);
    assert_eq!(synced.fake.teams(), [moved.team.to_string()]);
    moved.stays().await;
    moved.synced.app.finish().await;
}

#[tokio::test]
async fn competitors_whom_another_process_assigns_meanwhile_are_in_their_new_team() {
    let synced = Synced::start().await;
    let (roster, people) = synced.roster_of("coach", 2).await;
    let owls = team(&synced, roster, "Owls", &people).await;
    synced.run(RunScope::All).await;
    let wrens = team(&synced, roster, "Wrens", &people).await;
    let (context, other) = (synced.app.context().clone(), platforms(&synced));
    let assigns: Before = Box::pin(async move {
        let sent = sync_team(&context, &other, Operator, wrens).await;
        assert_eq!(sent.expect("a report").assigned.len(), 2);
        Ok(())
    });
    let report = send(&synced, &meanwhile(&synced, assigns), owls).await;
    assert_eq!(report.error, None);
    assert_eq!(report.removed.len(), 1, "the other one was no longer a member");
    // The call that was under way ended the new membership, which is sent again.
    let new = Some(wrens.to_string());
    let taken_out = people.iter().filter(|id| there(&synced, **id).is_none());
    assert_eq!(taken_out.count(), 1);
    let unsent =
        "SELECT count(*) FROM ctf_team_members WHERE left_at IS NULL AND assigned_at IS NULL";
    assert_eq!(synced.app.count(unsent).await, 1);
    for _ in 0..2 {
        synced.run(RunScope::All).await;
        assert_eq!(over(&synced).await, 0);
        for competitor in &people {
            assert_eq!(there(&synced, *competitor), new);
        }
    }
    synced.app.finish().await;
}

#[tokio::test]
async fn a_deleted_team_and_its_former_memberships_are_gone_there_too() {
    let synced = Synced::start().await;
    let (roster, people) = synced.roster_of("coach", 2).await;
    let owls = team(&synced, roster, "Owls", &people).await;
    synced.run(RunScope::All).await;
    let context = synced.app.context();
    remove_team_member(context, Operator, owls, people[0]).await.expect("removed");
    let deleted = delete_team(context, &platforms(&synced), Operator, owls).await;
    assert_eq!(deleted.expect("deleted"), None);
    assert_eq!(synced.fake.teams(), Vec::<String>::new());
    for competitor in people {
        assert_eq!(there(&synced, competitor), None);
    }
    let open = "SELECT count(*) FROM game_platform_erasures WHERE confirmed_at IS NULL";
    assert_eq!(synced.app.count(open).await, 0);
    synced.app.finish().await;
}

#[tokio::test]
async fn the_deletion_of_a_team_there_is_open_until_the_platform_has_done_it() {
    let synced = Synced::start().await;
    let (roster, people) = synced.roster_of("coach", 1).await;
    let owls = team(&synced, roster, "Owls", &people).await;
    synced.run(RunScope::All).await;
    // The process could end here.
    let context = synced.app.context().clone();
    let looks: Before = Box::pin(async move {
        let deletions = reads::erasures(&context.db, None).await.expect("read").rows;
        let open = deletions.iter().filter(|it| it.confirmed_at.is_none());
        let open: Vec<&str> = open.map(|it| it.syned_user_id.as_str()).collect();
        assert_eq!(open, [owls.to_string()]);
        Ok(())
    });
    let platforms = meanwhile(&synced, looks);
    let deleted = delete_team(synced.app.context(), &platforms, Operator, owls).await;
    assert_eq!(deleted.expect("deleted"), None);
    let confirmed = "SELECT count(*) FROM game_platform_erasures WHERE confirmed_at IS NOT NULL";
    assert_eq!(synced.app.count(confirmed).await, 1);
    synced.app.finish().await;
}

#[tokio::test]
async fn a_team_says_why_a_run_could_not_end_a_membership() {
    let synced = Synced::start().await;
    let (roster, people) = synced.roster_of("coach", 1).await;
    let (app, ada) = (&synced.app, people[0]);
    let owls = team(&synced, roster, "Owls", &people).await;
    synced.run(RunScope::All).await;
    remove_team_member(app.context(), Operator, owls, ada).await.expect("removed");
    // The platform refuses the ID, which is asked for only to end the membership.
    app.change("UPDATE competitors SET game_platform_id = '', confirmed_at = NULL")
        .await
        .expect("changed");
    let run = synced.run(RunScope::Roster(roster)).await;
    assert_eq!(run.teams_failed, 1, "{run:?}");
    let error = "SELECT game_platform_sync_error AS value FROM ctf_teams \
                 WHERE game_platform_sync_error IS NOT NULL";
    let stored = app.values(error).await;
    assert!(stored.len() == 1 && stored[0].contains("refused the request"), "{stored:?}");
    app.change("UPDATE competitors SET game_platform_id = account_id")
        .await
        .expect("as it was before");
    let run = synced.run(RunScope::Roster(roster)).await;
    assert_eq!(run.teams_failed, 0, "{run:?}");
    assert_eq!(there(&synced, ada), None);
    assert_eq!(app.values(error).await, Vec::<String>::new());
    synced.app.finish().await;
}

#[tokio::test]
async fn a_team_and_accounts_whose_answers_are_lost_exist_once() {
    let synced = Synced::start().await;
    let app = &synced.app;
    let (coach, roster) = app.roster("coach").await;
    app.verify_address("coach").await;
    let ada = app.competitor(roster, "Ada", "Quill").await;
    app.change("UPDATE competitors SET email_school = 'ada@school.example'")
        .await
        .expect("changed");
    let owls = team(&synced, roster, "Owls", &[ada]).await;
    synced.fake.switch(|switches| switches.drops = 1.0);
    synced.run(RunScope::All).await;
    let mut expected = [coach.to_string(), ada.to_string()];
    expected.sort();
    assert_eq!(synced.fake.users(), expected);
    assert_eq!(synced.fake.teams(), [owls.to_string()]);
    let stored = "SELECT game_platform_id AS value FROM competitors";
    assert_eq!(app.values(stored).await, [ada.to_string()]);
    let status = "SELECT status AS value FROM ctf_teams";
    assert_eq!(app.values(status).await, ["active"]);
    synced.fake.switch(|switches| switches.drops = 0.0);
    synced.run(RunScope::All).await;
    assert_eq!(synced.fake.users().len(), 2);
    assert_eq!(synced.fake.teams(), [owls.to_string()]);
    assert_eq!(there(&synced, ada), Some(owls.to_string()));
    let errors = "SELECT count(*) FROM ctf_teams WHERE game_platform_sync_error IS NOT NULL";
    assert_eq!(app.count(errors).await, 0);
    synced.app.finish().await;
}

#[tokio::test]
async fn a_team_that_the_platform_refuses_is_no_team_there() {
    let synced = Synced::start().await;
    let (roster, _) = synced.roster_of("coach", 0).await;
    let owls = team(&synced, roster, "Owls", &[]).await;
    synced.app.change("UPDATE ctf_teams SET affiliation = ''").await.expect("changed");
    let report = send(&synced, &platforms(&synced), owls).await;
    let error = report.error.expect("refused");
    assert!(error.contains("422"), "{error}");
    let status = "SELECT status AS value FROM ctf_teams WHERE game_platform_id IS NULL";
    assert_eq!(synced.app.values(status).await, ["forming"]);
    synced.app.finish().await;
}
