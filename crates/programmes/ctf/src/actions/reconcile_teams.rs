use std::collections::BTreeSet;

use platform::db::DbError;
use uuid::Uuid;

use super::{
    reconcile::{Clients, Reconciliation},
    reconcile_accounts::{account_there, count},
};
use crate::{
    gateway::{Assignment, GamePlatform, PlatformError},
    rules::{
        reconcile::{DifferenceSubject, FoundDifference, account},
        reconcile_kinds::DifferenceKind,
        reconcile_teams::{MemberThere, TeamHere, TeamsHere, memberships as compare},
    },
    store::{
        compared,
        differences::{self, DIFFERENCES},
        reconciliations::ReconciliationNumbers,
    },
};

/// Compares the accounts of coaches.
pub(super) async fn coaches(
    run: &Reconciliation<'_>,
    clients: &Clients<'_>,
    numbers: &mut ReconciliationNumbers,
) -> Result<(), DbError> {
    let (mut found, mut asked) = (Vec::new(), Vec::new());
    for coach in compared::coaches(&run.context.db).await? {
        if clients.is_stopped() {
            break;
        }
        let subjects = clients.coaches.subjects_of(coach.id, coach.user_id);
        let Ok(client) = run.platforms.open(run.context, &subjects) else {
            continue;
        };
        if !coach.approved {
            asked.push(coach.id);
            continue;
        }
        match client.user(&coach.game_platform_id).await {
            Ok(there) => {
                asked.push(coach.id);
                let finding = account(&coach.account(), there.map(account_there).as_ref());
                found.extend(finding.map(|finding| (coach.id, finding)));
            }
            Err(error) => clients.heed(&error),
        }
    }
    let tx = run.context.begin().await?;
    tx.serialize(DIFFERENCES).await?;
    let approved = compared::coaches(&tx).await?.into_iter();
    let approved = approved.filter(|coach| coach.approved);
    let approved: BTreeSet<Uuid> = approved.map(|coach| coach.id).collect();
    // Those who were erased or suspended since they were asked for are left out.
    let found = found.into_iter().filter(|(coach, _)| approved.contains(coach));
    let found: Vec<(DifferenceSubject, FoundDifference)> =
        found.map(|(coach, finding)| (DifferenceSubject::Coach(coach.into()), finding)).collect();
    let (id, now) = (run.claimed.id, run.context.now());
    differences::upsert(&tx, run.context, id, &found).await?;
    differences::resolve_coaches(&tx, id, &asked, now).await?;
    numbers.differences += count(found.len());
    run.note(&tx, numbers, None).await?;
    tx.commit().await
}

/// Compares all teams and memberships.
pub(super) async fn memberships(
    run: &Reconciliation<'_>,
    clients: &mut Clients<'_>,
    numbers: &mut ReconciliationNumbers,
) -> Result<(), DbError> {
    let asked_at = run.context.now();
    let Some(listed) = list(run, clients).await? else {
        return Ok(());
    };
    let unknown = unknown_teams(run, clients, &listed).await?;
    let tx = run.context.begin().await?;
    tx.serialize(DIFFERENCES).await?;
    let mut here = TeamsHere {
        coaches: compared::coach_ids(&tx).await?,
        prefix: run.platforms.id_prefix().to_owned(),
        ..TeamsHere::default()
    };
    for team in compared::teams(&tx).await? {
        let is_held = clients.open(team.roster_id).is_err();
        let team = team.team(is_held);
        here.teams.push(TeamHere {
            is_known_there: team.platform_id.as_ref().is_none_or(|id| !unknown.contains(id)),
            ..team
        });
    }
    for member in compared::members(&tx).await? {
        let is_held = clients.open(member.roster_id).is_err();
        here.members.push(member.member(asked_at, is_held));
    }
    let there: Vec<MemberThere> = listed.into_iter().map(member_there).collect();
    let found = compare(&here, &there);
    let (id, now) = (run.claimed.id, run.context.now());
    differences::upsert(&tx, run.context, id, &found).await?;
    if !clients.is_stopped() {
        differences::resolve_all(&tx, id, &DifferenceKind::MEMBERSHIPS, now).await?;
    }
    numbers.differences += count(found.len());
    run.note(&tx, numbers, None).await?;
    tx.commit().await
}

/// Lists all memberships on the platform; `None` if it does not answer, or is off for every roster.
async fn list(
    run: &Reconciliation<'_>,
    clients: &mut Clients<'_>,
) -> Result<Option<Vec<Assignment>>, DbError> {
    let everyone = run.platforms.open(run.context, &[]);
    let client = match everyone {
        Ok(client) => Some(client),
        Err(_) => {
            let teams = compared::teams(&run.context.db).await?.into_iter();
            let mut opened = teams.map(|team| clients.open(team.roster_id));
            opened.find_map(Result::ok)
        }
    };
    let Some(client) = client else {
        return Ok(None);
    };
    Ok(match client.assignments(None).await {
        Ok(listed) => Some(listed),
        Err(error) => {
            clients.heed(&error);
            None
        }
    })
}

/// Asks for each team without a listed member, and returns the IDs of those that the platform does not know.
async fn unknown_teams(
    run: &Reconciliation<'_>,
    clients: &mut Clients<'_>,
    listed: &[Assignment],
) -> Result<BTreeSet<String>, DbError> {
    let with_members: BTreeSet<&str> = listed.iter().map(|it| it.team.as_str()).collect();
    let mut unknown = BTreeSet::new();
    for team in compared::teams(&run.context.db).await? {
        let Some(id) = team.game_platform_id.clone() else {
            continue;
        };
        if with_members.contains(id.as_str()) || team.team(false).is_resting {
            continue;
        }
        let Ok(client) = clients.open(team.roster_id) else {
            continue;
        };
        if clients.is_stopped() {
            break;
        }
        if is_unknown(&*client, clients, &id).await {
            unknown.insert(id);
        }
    }
    Ok(unknown)
}

async fn is_unknown(client: &dyn GamePlatform, clients: &Clients<'_>, id: &str) -> bool {
    match client.assignments(Some(id)).await {
        Err(PlatformError::Unknown) => true,
        Err(error) => {
            clients.heed(&error);
            false
        }
        Ok(_) => false,
    }
}

fn member_there(assignment: Assignment) -> MemberThere {
    MemberThere { user: assignment.user, team: assignment.team, name: assignment.team_name }
}
