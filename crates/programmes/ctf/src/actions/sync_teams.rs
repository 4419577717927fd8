use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::DbError,
};
use serde_json::json;

use super::{
    onboard::{self, NO_COACH},
    sync_memberships::{self, MembershipSending, end_former, end_memberships},
    trouble::{SyncTrouble, is_unasked},
};
use crate::{
    gateway::{GamePlatform, NewTeam, PlatformError, Platforms},
    model::{CompetitorId, RosterId, TeamId},
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
    pub assigned: Vec<CompetitorId>,
    pub removed: Vec<CompetitorId>,
    /// Members who were not sent, with the reasons.
    pub skipped: Vec<(CompetitorId, &'static str)>,
    /// The message of the failure, without names.
    pub error: Option<String>,
}

impl TeamReport {
    /// Returns whether anything changed on the platform.
    #[must_use]
    pub fn has_news(&self) -> bool {
        self.is_created || !self.assigned.is_empty() || !self.removed.is_empty()
    }
}

/// The reason that a member is not sent to the platform.
const ABSENT: &str =
    "The competitor is not on the game platform. The report card says what is missing.";

/// Sends a new team and new members to the platform. Before a member is assigned, their former membership is ended, whatever the
/// team.
pub(crate) async fn send_team(
    context: &Context,
    platform: &dyn GamePlatform,
    team: &TeamRow,
    members: &[MemberRow],
    coach: &str,
) -> Result<(TeamReport, Option<PlatformError>), DbError> {
    let mut report = TeamReport::default();
    let sent = send(context, platform, team, members, coach, &mut report).await;
    let stopped = match sent {
        Ok(()) => None,
        Err(SyncTrouble::Db(error)) => return Err(error),
        Err(trouble) => {
            report.error = Some(trouble.to_string());
            match trouble {
                SyncTrouble::Platform(error) => Some(error),
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
    coach: &str,
    report: &mut TeamReport,
) -> Result<(), SyncTrouble> {
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
        if end_former(context, platform, member.competitor_id).await?? {
            report.removed.push(competitor);
        }
        match sync_memberships::assign(context, platform, &id, member).await? {
            MembershipSending::Assigned => report.assigned.push(competitor),
            MembershipSending::Absent => report.skipped.push((competitor, ABSENT)),
            MembershipSending::Obsolete => {}
        }
    }
    Ok(())
}

async fn create(
    context: &Context,
    platform: &dyn GamePlatform,
    team: &TeamRow,
    coach: &str,
) -> Result<String, SyncTrouble> {
    let id = platform.id_of(team.id);
    let new = NewTeam {
        coach: coach.to_owned(),
        id: id.clone(),
        name: team.name.clone(),
        affiliation: team.affiliation.clone(),
        division: team.division.as_str().to_owned(),
    };
    if let Err(error) = platform.create_team(new).await {
        // A former attempt whose answer was lost may have created the team.
        if !error.is_refusal() || !is_known(platform, &id).await? {
            return Err(error.into());
        }
    }
    let tx = context.begin().await?;
    team_syncs::confirm(&tx, team.id, &id, context.now()).await?;
    tx.commit().await?;
    Ok(id)
}

/// Returns whether the platform knows a team, also one without members.
async fn is_known(platform: &dyn GamePlatform, team: &str) -> Result<bool, PlatformError> {
    match platform.assignments(Some(team)).await {
        Ok(_) => Ok(true),
        Err(PlatformError::Unknown) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Stores why memberships of a team could not be ended, unless the platform was not asked.
pub(crate) async fn note_unended(
    context: &Context,
    team: &TeamRow,
    error: &PlatformError,
) -> Result<(), DbError> {
    if is_unasked(error) {
        return Ok(());
    }
    let tx = context.begin().await?;
    let message = error.message();
    team_syncs::set_error(&tx, team.id, Some(&message), context.now()).await?;
    tx.commit().await
}

/// Returns whether something about a team is to be sent, or an error of before may be over.
pub(crate) fn is_due(team: &TeamRow, members: &[MemberRow]) -> bool {
    let is_sendable =
        |member: &MemberRow| member.user().is_some() && (member.is_new() || member.is_over());
    team.game_platform_id.is_none() || team.has_error || members.iter().any(is_sendable)
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
        Err(SyncTrouble::Db(error)) => return Err(error),
        Err(trouble) => return Ok(failed(&trouble)),
    };
    let members = team_syncs::members(&context.db, [team.id]).await?;
    let over = members.iter().filter(|member| member.is_over());
    let over: Vec<MemberRow> = over.cloned().collect();
    let (mut removed, error) = end_memberships(context, &*platform, &over).await?;
    if let Some(error) = error {
        note_unended(context, team, &error).await?;
        let report = TeamReport { removed, ..failed(&error) };
        return Ok(report);
    }
    let (mut report, _) = send_team(context, &*platform, team, &members, &coach).await?;
    removed.append(&mut report.removed);
    report.removed = removed;
    Ok(report)
}

/// Deletes a team on the platform that was deleted here, after its members were removed there.
pub(crate) async fn delete_remote_team(
    context: &Context,
    platforms: &Platforms,
    roster: RosterId,
    team: &str,
    members: &[MemberRow],
) -> Result<(), SyncTrouble> {
    let coaches = sync_people::coaches(&context.db, Some(roster.0)).await?;
    let platform = platforms.open(context, &coaches.subjects(roster.0))?;
    for member in members {
        let Some(user) = member.sent_user() else {
            continue;
        };
        sync_memberships::take_out(context, &*platform, member.competitor_id, user).await??;
    }
    match platform.delete_team(team).await {
        Ok(()) | Err(PlatformError::Unknown) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
