use std::collections::HashMap;

use futures_util::future::BoxFuture;
use platform::{Context, db::DbError};
use uuid::Uuid;

use super::{
    brake::{Brake, PendingWork, at_once},
    run_sync::{Plan, Run},
    sync_memberships::end_memberships,
    sync_tally::RunProgress,
    sync_teams::{TeamReport, is_due, note_unended, send_team},
    trouble::is_unasked,
};
use crate::{
    gateway::PlatformError,
    rules::runs::RunScope,
    store::team_syncs::{self, MemberRow, TeamRow},
};

/// The teams of a run, each with the memberships to send.
struct Teams {
    teams: Vec<TeamRow>,
    members: HashMap<Uuid, Vec<MemberRow>>,
}

impl Teams {
    async fn of(context: &Context, scope: RunScope) -> Result<Self, DbError> {
        let teams = team_syncs::teams(&context.db, scope).await?;
        let ids = teams.iter().map(|team| team.id);
        let mut members: HashMap<Uuid, Vec<MemberRow>> = HashMap::new();
        if !teams.is_empty() {
            for member in team_syncs::members(&context.db, ids).await? {
                members.entry(member.team_id).or_default().push(member);
            }
        }
        Ok(Self { teams, members })
    }

    fn members(&self, team: &TeamRow) -> &[MemberRow] {
        self.members.get(&team.id).map_or(&[], Vec::as_slice)
    }

    fn due(&self) -> impl Iterator<Item = &TeamRow> {
        self.teams.iter().filter(|team| is_due(team, self.members(team)))
    }
}

/// The result of ending the memberships of a team that are over.
#[derive(Default)]
struct EndedMemberships {
    report: TeamReport,
    error: Option<PlatformError>,
}

/// Returns the rosters with a team to send.
pub(super) async fn rosters(context: &Context, scope: RunScope) -> Result<Vec<Uuid>, DbError> {
    let teams = Teams::of(context, scope).await?;
    Ok(teams.due().map(|team| team.roster_id).collect())
}

/// Sends the differences of all teams of a run: first all memberships that are over, then new teams and members, because a
/// person is in one team on the platform.
pub(super) async fn send(
    run: &Run<'_>,
    plan: &Plan,
    tally: &RunProgress<'_>,
    brake: &Brake,
) -> Result<(), DbError> {
    let teams = Teams::of(run.context, plan.scope).await?;
    let mut reports: HashMap<Uuid, EndedMemberships> = HashMap::new();
    let due: Vec<&TeamRow> = teams.due().collect();
    for team in due {
        reports.insert(team.id, end(run, plan, &teams, team, brake).await?);
    }
    let work: PendingWork<'_> = Box::new(teams.teams.iter().map(|team| {
        let ended = reports.remove(&team.id);
        noted(run, plan, &teams, team, ended, tally, brake)
    }));
    at_once(work, run.concurrency).await
}

fn noted<'a>(
    run: &'a Run<'_>,
    plan: &'a Plan,
    teams: &'a Teams,
    team: &'a TeamRow,
    ended: Option<EndedMemberships>,
    tally: &'a RunProgress<'_>,
    brake: &'a Brake,
) -> BoxFuture<'a, Result<(), DbError>> {
    Box::pin(async move {
        match ended {
            Some(ended) => one(run, plan, teams, team, ended, tally, brake).await,
            None => {
                tally.note_team(false, false);
                Ok(())
            }
        }
    })
}

/// Ends the memberships of a team that are over.
async fn end(
    run: &Run<'_>,
    plan: &Plan,
    teams: &Teams,
    team: &TeamRow,
    brake: &Brake,
) -> Result<EndedMemberships, DbError> {
    let mut ended = EndedMemberships::default();
    let Some(client) = plan.known_client(team.roster_id).filter(|_| !brake.is_on()) else {
        return Ok(ended);
    };
    let members = teams.members(team);
    let over: Vec<MemberRow> = members.iter().filter(|member| member.is_over()).cloned().collect();
    let (removed, error) = end_memberships(run.context, &**client, &over).await?;
    ended.report.removed = removed;
    if let Some(error) = &error {
        note_unended(run.context, team, error).await?;
        if run.ends(error) {
            brake.pull(error.clone());
        }
    }
    ended.error = error;
    Ok(ended)
}

/// Returns whether an error is a failure of a team. It is none that the roster left the rollout since the run began.
fn is_failure(run: &Run<'_>, error: &PlatformError) -> bool {
    !is_unasked(error) || run.ends(error)
}

/// Sends one team.
async fn one(
    run: &Run<'_>,
    plan: &Plan,
    teams: &Teams,
    team: &TeamRow,
    ended: EndedMemberships,
    tally: &RunProgress<'_>,
    brake: &Brake,
) -> Result<(), DbError> {
    let client = plan.known_client(team.roster_id);
    let Some(client) = client.filter(|_| !brake.is_on() && ended.error.is_none()) else {
        let has_failed = ended.error.is_some_and(|error| is_failure(run, &error));
        tally.note_team(ended.report.has_news(), has_failed);
        return Ok(());
    };
    let context = run.context;
    let coach = match plan.coach_id(team.roster_id) {
        Ok(coach) => coach,
        Err(why) => {
            let tx = context.begin().await?;
            team_syncs::set_error(&tx, team.id, Some(&why), context.now()).await?;
            tx.commit().await?;
            tally.note_team(ended.report.has_news(), true);
            return Ok(());
        }
    };
    let members = teams.members(team);
    let (report, error) = send_team(context, &**client, team, members, &coach).await?;
    // Without an error of the platform, something is missing here.
    let is_own = error.as_ref().is_none_or(|error| is_failure(run, error));
    tally.note_team(report.has_news() || ended.report.has_news(), report.error.is_some() && is_own);
    if let Some(error) = error.filter(|error| run.ends(error)) {
        brake.pull(error);
    }
    Ok(())
}
