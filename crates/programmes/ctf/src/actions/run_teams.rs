use std::collections::HashMap;

use futures_util::future::BoxFuture;
use platform::{Context, db::DbError};
use uuid::Uuid;

use super::{
    run_sync::{Brake, Plan, Run, at_once},
    sync_tally::Tally,
    sync_teams::{TeamReport, end_memberships, is_due, send_team},
    trouble::stops,
};
use crate::{
    rules::runs::Scope,
    store::team_syncs::{self, MemberRow, TeamRow},
};

/// The teams of a run, each with the memberships to send.
struct Teams {
    teams: Vec<TeamRow>,
    members: HashMap<Uuid, Vec<MemberRow>>,
}

impl Teams {
    async fn of(context: &Context, scope: Scope) -> Result<Self, DbError> {
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
        self.teams
            .iter()
            .filter(|team| is_due(team, self.members(team)))
    }
}

/// Returns the rosters with a team to send.
pub(super) async fn rosters(context: &Context, scope: Scope) -> Result<Vec<Uuid>, DbError> {
    let teams = Teams::of(context, scope).await?;
    Ok(teams.due().map(|team| team.roster_id).collect())
}

/// Sends the differences of all teams of a run: first all memberships that are over, then new teams and members, because a
/// person is in one team at the platform.
pub(super) async fn send(
    run: &Run<'_>,
    plan: &Plan,
    tally: &Tally<'_>,
    brake: &Brake,
) -> Result<(), DbError> {
    let teams = Teams::of(run.context, plan.scope).await?;
    let mut reports: HashMap<Uuid, TeamReport> = HashMap::new();
    let due: Vec<&TeamRow> = teams.due().collect();
    for team in due {
        reports.insert(team.id, end(run, plan, (&teams, team), brake).await?);
    }
    let mut work = Vec::with_capacity(teams.teams.len());
    for team in &teams.teams {
        let ended = reports.remove(&team.id);
        work.push(noted(run, plan, (&teams, team, ended), (tally, brake)));
    }
    at_once(work, run.concurrency).await
}

fn noted<'a>(
    run: &'a Run<'_>,
    plan: &'a Plan,
    (teams, team, ended): (&'a Teams, &'a TeamRow, Option<TeamReport>),
    (tally, brake): (&'a Tally<'_>, &'a Brake),
) -> BoxFuture<'a, Result<(), DbError>> {
    Box::pin(async move {
        match ended {
            Some(ended) => one(run, plan, (teams, team, ended), (tally, brake)).await,
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
    (teams, team): (&Teams, &TeamRow),
    brake: &Brake,
) -> Result<TeamReport, DbError> {
    let mut report = TeamReport::default();
    let Some(client) = plan.known_client(team.roster_id).filter(|_| !brake.is_on()) else {
        return Ok(report);
    };
    let members = teams.members(team);
    let over: Vec<MemberRow> = members
        .iter()
        .filter(|member| member.is_over())
        .cloned()
        .collect();
    let (removed, error) = end_memberships(run.context, &**client, &over).await?;
    report.removed = removed;
    if let Some(error) = error {
        report.error = Some(error.message());
        if stops(&error) {
            brake.pull(error);
        }
    }
    Ok(report)
}

/// Sends one team.
async fn one(
    run: &Run<'_>,
    plan: &Plan,
    (teams, team, ended): (&Teams, &TeamRow, TeamReport),
    (tally, brake): (&Tally<'_>, &Brake),
) -> Result<(), DbError> {
    let client = plan.known_client(team.roster_id);
    let Some(client) = client.filter(|_| !brake.is_on() && ended.error.is_none()) else {
        tally.note_team(ended.has_news(), ended.error.is_some());
        return Ok(());
    };
    let context = run.context;
    let coach = match plan.coach_id(team.roster_id) {
        Ok(coach) => coach,
        Err(why) => {
            let tx = context.begin().await?;
            team_syncs::set_error(&tx, team.id, Some(&why), context.now()).await?;
            tx.commit().await?;
            tally.note_team(ended.has_news(), true);
            return Ok(());
        }
    };
    let members = teams.members(team);
    let (report, error) = send_team(context, &**client, team, members, &coach).await?;
    tally.note_team(
        report.has_news() || ended.has_news(),
        report.error.is_some(),
    );
    if let Some(error) = error.filter(stops) {
        brake.pull(error);
    }
    Ok(())
}
