use std::collections::HashSet;

use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::DbError,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    onboard::{self, NO_COACH},
    trouble::{Trouble, is_unasked},
};
use crate::{
    gateway::{GamePlatform, NewTeam, PlatformError, Platforms},
    model::{CompetitorId, TeamId},
    store::{
        sync_people,
        team_syncs::{self, MemberRow, TeamRow},
    },
};

/// A report of the calls to the platform about a team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TeamReport {
    /// True if the team was created there.
    pub is_created: bool,
    /// Competitors who were assigned.
    pub assigned: Vec<CompetitorId>,
    /// Competitors who were removed.
    pub removed: Vec<CompetitorId>,
    /// Members who were not sent, with the reasons.
    pub skipped: Vec<(CompetitorId, &'static str)>,
    /// The message of the failure, without names.
    pub error: Option<String>,
}

impl TeamReport {
    /// Returns whether anything changed at the platform.
    #[must_use]
    pub fn has_news(&self) -> bool {
        self.is_created || !self.assigned.is_empty() || !self.removed.is_empty()
    }
}

/// The reason that a member is not sent to the platform.
const ABSENT: &str =
    "The competitor is not on the game platform. Complete the profile and the release first.";

/// Sends the differences of a team to the platform: the team itself, new members, and members who left. The caller has ended
/// the former memberships of the new members.
pub(crate) async fn send_team(
    context: &Context,
    platform: &dyn GamePlatform,
    team: &TeamRow,
    members: &[MemberRow],
    coach: &str,
) -> Result<(TeamReport, Option<PlatformError>), DbError> {
    let mut report = TeamReport::default();
    let sent = send(context, platform, team, members, (coach, &mut report)).await;
    let stopped = match sent {
        Ok(()) => None,
        Err(Trouble::Db(error)) => return Err(error),
        Err(trouble) => {
            report.error = Some(trouble.to_string());
            match trouble {
                Trouble::Platform(error) => Some(error),
                _ => None,
            }
        }
    };
    if stopped.as_ref().is_none_or(|error| !is_unasked(error)) {
        let tx = context.begin().await?;
        team_syncs::set_error(&tx, team.id, report.error.as_deref(), context.now()).await?;
        tx.commit().await?;
    }
    Ok((report, stopped))
}

async fn send(
    context: &Context,
    platform: &dyn GamePlatform,
    team: &TeamRow,
    members: &[MemberRow],
    (coach, report): (&str, &mut TeamReport),
) -> Result<(), Trouble> {
    let id = match &team.game_platform_id {
        Some(id) => id.clone(),
        None => {
            let id = create(context, platform, team, coach).await?;
            report.is_created = true;
            id
        }
    };
    for member in members.iter().filter(|member| member.is_new()) {
        let competitor = member.competitor_id.into();
        let Some(user) = member.user() else {
            report.skipped.push((competitor, ABSENT));
            continue;
        };
        platform.assign(&id, user).await?;
        set_assigned(context, member, true).await?;
        report.assigned.push(competitor);
    }
    Ok(())
}

async fn create(
    context: &Context,
    platform: &dyn GamePlatform,
    team: &TeamRow,
    coach: &str,
) -> Result<String, Trouble> {
    let id = platform.id_of(team.id);
    let new = NewTeam {
        coach: coach.to_owned(),
        id: id.clone(),
        name: team.name.clone(),
        affiliation: team.affiliation.clone(),
        division: team.division.clone(),
    };
    match platform.create_team(new).await {
        // A former attempt whose answer was lost created the team.
        Ok(_) | Err(PlatformError::Refused { status: 409, .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let tx = context.begin().await?;
    team_syncs::confirm(&tx, team.id, &id, context.now()).await?;
    tx.commit().await?;
    Ok(id)
}

/// Ends memberships at the platform. Returns the competitors who were removed, and the first error.
pub(crate) async fn end_memberships(
    context: &Context,
    platform: &dyn GamePlatform,
    members: &[MemberRow],
) -> Result<(Vec<CompetitorId>, Option<PlatformError>), DbError> {
    let mut removed = Vec::new();
    for member in members {
        let Some(user) = member.user() else {
            continue;
        };
        match platform.unassign(user).await {
            Ok(()) | Err(PlatformError::Unknown) => {
                set_assigned(context, member, false).await?;
                removed.push(member.competitor_id.into());
            }
            Err(error) => return Ok((removed, Some(error))),
        }
    }
    Ok((removed, None))
}

async fn set_assigned(context: &Context, member: &MemberRow, is: bool) -> Result<(), DbError> {
    let (tx, now) = (context.begin().await?, context.now());
    team_syncs::set_assigned(&tx, member.id, is.then_some(now)).await?;
    tx.commit().await
}

/// Returns whether something about a team is to be sent.
pub(crate) fn is_due(team: &TeamRow, members: &[MemberRow]) -> bool {
    let is_sendable =
        |member: &MemberRow| member.user().is_some() && (member.is_new() || member.is_over());
    team.game_platform_id.is_none() || members.iter().any(is_sendable)
}

/// Sends the differences of a team to the platform now. A failure is part of the report: what was changed here stays.
///
/// # Errors
/// When the team is unknown, or the database fails.
pub async fn sync_team(
    context: &Context,
    platforms: &Platforms,
    actor: Actor,
    team: TeamId,
) -> Result<TeamReport, ActionError> {
    let row = team_syncs::team(&context.db, team.0).await?;
    let row = row.ok_or_else(crate::access::unknown_team)?;
    let report = send_now(context, platforms, &row).await?;
    let tx = context.begin().await?;
    let act = Act {
        actor,
        action: "ctf_team.sync",
        target_kind: "ctf_team",
        target_id: team.0,
        before: None,
        after: Some(json!({
            "created": report.is_created, "assigned": report.assigned.len(),
            "removed": report.removed.len(), "failed": report.error.is_some(),
        })),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(report)
}

async fn send_now(
    context: &Context,
    platforms: &Platforms,
    team: &TeamRow,
) -> Result<TeamReport, DbError> {
    let failed = |error: &dyn std::fmt::Display| TeamReport {
        error: Some(error.to_string()),
        ..TeamReport::default()
    };
    let coaches = sync_people::coaches(&context.db, Some(team.roster_id)).await?;
    let subjects = coaches.subjects(team.roster_id);
    let platform = match platforms.open(context, &subjects) {
        Ok(platform) => platform,
        Err(error) => return Ok(failed(&error)),
    };
    let Some(coach) = coaches.responsible(team.roster_id) else {
        return Ok(failed(&NO_COACH));
    };
    let coach = match onboard::onboard_coach(context, &*platform, coach).await {
        Ok(coach) => coach,
        Err(Trouble::Db(error)) => return Err(error),
        Err(trouble) => return Ok(failed(&trouble)),
    };
    let members = team_syncs::members(&context.db, [team.id]).await?;
    let former = former_memberships(context, &members).await?;
    let (removed, error) = end_memberships(context, &*platform, &former).await?;
    if let Some(error) = error {
        let report = TeamReport {
            removed,
            ..failed(&error)
        };
        return Ok(report);
    }
    let (mut report, _) = send_team(context, &*platform, team, &members, &coach).await?;
    report.removed = removed;
    Ok(report)
}

/// Returns the memberships to end before these members are assigned: of those who left this team, and of the new ones in
/// other teams.
async fn former_memberships(
    context: &Context,
    members: &[MemberRow],
) -> Result<Vec<MemberRow>, DbError> {
    let new = members.iter().filter(|member| member.is_new());
    let new: HashSet<Uuid> = new.map(|member| member.competitor_id).collect();
    let mut former = team_syncs::ended(&context.db, new).await?;
    let own = members.iter().filter(|member| member.is_over());
    former.extend(own.cloned());
    former.sort_by_key(|member| member.id);
    former.dedup_by_key(|member| member.id);
    Ok(former)
}

/// Deletes a team at the platform, after its members were removed there. A failure is reported and blocks nothing here.
///
/// # Errors
/// When the platform does not delete it.
pub async fn delete_remote_team(
    context: &Context,
    platforms: &Platforms,
    roster: crate::model::RosterId,
    team: &str,
    members: &[String],
) -> Result<(), RemoteDeleteError> {
    let coaches = sync_people::coaches(&context.db, Some(roster.0)).await?;
    let platform = platforms.open(context, &coaches.subjects(roster.0))?;
    for user in members {
        match platform.unassign(user).await {
            Ok(()) | Err(PlatformError::Unknown) => {}
            Err(error) => return Err(error.into()),
        }
    }
    match platform.delete_team(team).await {
        Ok(()) | Err(PlatformError::Unknown) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The reason that a team was not deleted at the platform.
#[derive(Debug, thiserror::Error)]
pub enum RemoteDeleteError {
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The platform did not delete the team.
    #[error("{0}")]
    Platform(#[from] PlatformError),
}
