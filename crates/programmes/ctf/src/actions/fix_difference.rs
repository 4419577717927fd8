use std::sync::Arc;

use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    flags::FlagViewer,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    competitor_accounts::retry_competitor,
    onboard::{self, NO_COACH},
    sync_teams::sync_team,
    trouble::SyncTrouble,
};
use crate::{
    gateway::{GamePlatform, PlatformError, Platforms},
    model::{CoachId, CompetitorId, DifferenceId, TeamId},
    reads::{self, DifferenceView},
    rules::{
        own_ids::is_own,
        reconcile_kinds::{DifferenceKind, Remedy},
    },
    store::{accounts::Owner, differences, remedies, sync_people},
};

/// An admin who removes a difference.
struct DifferenceFix<'a> {
    context: &'a Context,
    platforms: &'a Platforms,
    actor: Actor,
    difference: &'a DifferenceView,
}

/// Removes a difference by the calls that the platform has, and resolves it. Returns its kind. Results are only requested: the
/// next comparison resolves them.
///
/// # Errors
/// When the difference is unknown or resolved, the platform has no call for it, nothing about the competitor may be sent, or
/// the platform does not do what is asked of it. The text says why.
pub async fn fix_difference(
    context: &Context,
    platforms: &Platforms,
    actor: Actor,
    id: DifferenceId,
) -> Result<DifferenceKind, ActionError> {
    let found = reads::difference(&context.db, id).await?;
    let found = found.filter(|found| found.resolved_at.is_none());
    let difference = found.ok_or_else(unknown_difference)?;
    let kind = difference.kind;
    check_own(platforms, &difference)?;
    let fix = DifferenceFix { context, platforms, actor, difference: &difference };
    fix.apply(kind).await?;
    let (tx, now) = (context.begin().await?, context.now());
    if kind.remedy() != Remedy::Totals {
        differences::resolve(&tx, id, now).await?;
    }
    let act = Act {
        actor,
        action: "game_platform_difference.fix",
        target_kind: "game_platform_difference",
        target_id: id.0,
        before: None,
        after: Some(json!({ "kind": kind.as_str() })),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(kind)
}

/// Returns the error for an unknown or resolved difference.
pub(crate) fn unknown_difference() -> Problem {
    Problem::not_found(
        "The difference is unknown or already resolved. Reload the list of differences.",
    )
}

/// Refuses an unknown team or account whose ID this server cannot have made.
pub(crate) fn check_own(platforms: &Platforms, difference: &DifferenceView) -> Result<(), Problem> {
    let is_unknown =
        matches!(difference.kind, DifferenceKind::TeamUnknown | DifferenceKind::AccountUnknown);
    let id = difference.platform_id.as_deref().unwrap_or_default();
    if is_unknown && !is_own(id, platforms.id_prefix()) {
        Err(failed(
            "The ID belongs to another server that shares the game platform. Compare now to resolve the difference.",
        ))
    } else {
        Ok(())
    }
}

/// Returns the error for a difference that the platform did not remove.
fn failed(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::Conflict, "GAME_PLATFORM_FAILED", detail)
}

fn in_words(trouble: SyncTrouble) -> ActionError {
    match trouble {
        SyncTrouble::Db(error) => error.into(),
        trouble => failed(trouble.to_string()).into(),
    }
}

impl DifferenceFix<'_> {
    async fn apply(&self, kind: DifferenceKind) -> Result<(), ActionError> {
        match kind.remedy() {
            Remedy::Account => match self.difference.coach_id {
                Some(coach) => self.coach(coach.into()).await,
                None => self.competitor_account().await,
            },
            Remedy::Team => self.team(kind).await,
            Remedy::Membership => self.membership(kind).await,
            Remedy::Unassign => self.take_out().await,
            Remedy::DeleteTeam => self.delete_team().await,
            Remedy::Totals => self.totals().await,
            Remedy::Message => {
                let detail = "The game platform has no call for this. Send the drafted message to its support.";
                Err(failed(detail).into())
            }
        }
    }

    fn competitor(&self) -> Result<(CompetitorId, Uuid), Problem> {
        let found = self.difference;
        let whose = found.competitor_id.zip(found.roster_id);
        let (id, roster) = whose.ok_or_else(unknown_difference)?;
        Ok((id.into(), roster))
    }

    fn open(&self, subjects: &[FlagViewer]) -> Result<Arc<dyn GamePlatform>, Problem> {
        let opened = self.platforms.open(self.context, subjects);
        opened.map_err(|error| failed(error.message()))
    }

    async fn competitor_account(&self) -> Result<(), ActionError> {
        let (competitor, roster) = self.competitor()?;
        let coaches = sync_people::coaches(&self.context.db, Some(roster)).await?;
        let client = self.open(&coaches.subjects(roster))?;
        let coach = coaches.responsible(roster);
        let coach = coach.ok_or_else(|| failed(NO_COACH))?;
        let coach = onboard::onboard_coach(self.context, &*client, coach).await;
        let coach = coach.map_err(in_words)?;
        let added = onboard::onboard(self.context, &*client, competitor, &coach).await;
        added.map(drop).map_err(in_words)
    }

    async fn coach(&self, id: CoachId) -> Result<(), ActionError> {
        let found = reads::coach(&self.context.db, id).await?;
        let found = found.ok_or_else(unknown_difference)?;
        let coaches = sync_people::coaches(&self.context.db, None).await?;
        let client = self.open(&coaches.subjects_of(id.0, found.user_id))?;
        let account = onboard::add_coach(self.context, &*client, id).await;
        let account = account.map_err(in_words)?;
        Ok(onboard::confirm(self.context, Owner::Coach(id), &account).await?)
    }

    async fn team(&self, kind: DifferenceKind) -> Result<(), ActionError> {
        let team = TeamId::new(self.difference.team_id.ok_or_else(unknown_difference)?);
        if kind == DifferenceKind::TeamMissing {
            let tx = self.context.begin().await?;
            remedies::forget_team(&tx, team).await?;
            tx.commit().await?;
        }
        self.send_team(team).await
    }

    async fn send_team(&self, team: TeamId) -> Result<(), ActionError> {
        let report = sync_team(self.context, self.platforms, self.actor, team).await?;
        match report.error {
            Some(error) => Err(failed(error).into()),
            None => Ok(()),
        }
    }

    /// Puts a competitor into their team there.
    async fn membership(&self, kind: DifferenceKind) -> Result<(), ActionError> {
        let (competitor, _) = self.competitor()?;
        let team = remedies::team_of(&self.context.db, competitor).await?;
        let team = team.ok_or_else(unknown_difference)?;
        match kind {
            DifferenceKind::MemberElsewhere => self.take_out().await?,
            _ => self.forget_memberships(competitor).await?,
        }
        self.send_team(team).await
    }

    /// Ends the membership of a competitor there.
    async fn take_out(&self) -> Result<(), ActionError> {
        let (competitor, roster) = self.competitor()?;
        let user = self.difference.platform_id.as_deref();
        let user = user.ok_or_else(unknown_difference)?;
        let coaches = sync_people::coaches(&self.context.db, Some(roster)).await?;
        let client = self.open(&coaches.subjects(roster))?;
        unassign(&*client, user).await?;
        self.forget_memberships(competitor).await
    }

    async fn forget_memberships(&self, competitor: CompetitorId) -> Result<(), ActionError> {
        let tx = self.context.begin().await?;
        remedies::forget_memberships(&tx, competitor).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes a team that is unknown here, after its members were removed there.
    async fn delete_team(&self) -> Result<(), ActionError> {
        let id = self.difference.platform_id.as_deref();
        let id = id.ok_or_else(unknown_difference)?;
        let client = self.open(&[])?;
        let members = match client.assignments(Some(id)).await {
            Ok(members) => members,
            Err(PlatformError::Unknown) => return Ok(()),
            Err(error) => return Err(failed(error.message()).into()),
        };
        for member in members {
            unassign(&*client, &member.user).await?;
        }
        match client.delete_team(id).await {
            Ok(()) | Err(PlatformError::Unknown) => Ok(()),
            Err(error) => Err(failed(error.message()).into()),
        }
    }

    async fn totals(&self) -> Result<(), ActionError> {
        let (competitor, _) = self.competitor()?;
        let tx = self.context.begin().await?;
        remedies::request_totals(&tx, competitor).await?;
        tx.commit().await?;
        retry_competitor(self.context, self.actor, competitor).await?;
        Ok(())
    }
}

async fn unassign(client: &dyn GamePlatform, user: &str) -> Result<(), Problem> {
    match client.unassign(user).await {
        Ok(()) | Err(PlatformError::Unknown) => Ok(()),
        Err(error) => Err(failed(error.message())),
    }
}
