use kernel::{Problem, ProblemKind, Timestamp, counted};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{DbError, Tx},
};
use serde_json::{Value, json};

use super::{
    onboard::person,
    request_sync::{RequestedRun, request_at_most, request_within},
};
use crate::{
    access,
    gateway::{PlatformError, Platforms},
    model::CompetitorId,
    reads::{self, CompetitorView},
    rules::{
        plan::{PlannedPerson, REFRESH_ONE, RESET, hindrance, wait},
        runs::{RunScope, Trigger},
    },
    store::{
        accounts::{self, Owner},
        competitors, sync_people, sync_state,
    },
};

async fn locked(tx: &Tx, id: CompetitorId) -> Result<CompetitorView, ActionError> {
    tx.lock_rows("competitors", [id.0]).await?;
    let found = reads::competitor(tx, id).await?;
    Ok(found.ok_or_else(access::unknown_competitor)?)
}

fn act(id: CompetitorId, actor: Actor, action: &'static str, after: Option<Value>) -> Act<'static> {
    Act {
        actor,
        action,
        target_kind: "ctf_competitor",
        target_id: id.0,
        before: None,
        after,
        reason: None,
    }
}

/// Finds a competitor, and refuses what would send something about one who must not be sent.
async fn free(tx: &Tx, id: CompetitorId) -> Result<CompetitorView, ActionError> {
    let view = locked(tx, id).await?;
    let roster = reads::roster(tx, view.roster()).await?;
    let person = PlannedPerson {
        is_archived: roster.is_none_or(|roster| roster.is_archived()),
        ..person(&view)
    };
    match hindrance(&person) {
        Some(skip) => {
            let detail = skip.message();
            Err(Problem::new(ProblemKind::Conflict, "COMPETITOR_NOT_SENT", detail).into())
        }
        None => Ok(view),
    }
}

/// Requests a sync of one competitor, which also puts them on the platform: at most once a minute, unless they have an error.
/// A run that covers it and has not ended is returned instead.
///
/// # Errors
/// When nothing about the competitor may be sent, or they were synced less than a minute ago. The text says why, or when they can
/// be synced again.
pub async fn request_competitor_sync(
    context: &Context,
    actor: Actor,
    id: CompetitorId,
) -> Result<RequestedRun, ActionError> {
    let mut tx = context.begin().await?;
    let view = free(&tx, id).await?;
    let requested = if has_error(&tx, &view).await? {
        request_within(&mut tx, context, None, Trigger::Retry, RunScope::Competitor(id)).await?
    } else {
        request_at_most(
            &mut tx,
            context,
            Trigger::Coach,
            RunScope::Competitor(id),
            REFRESH_ONE,
            synced_too_soon as fn(i64) -> Problem,
        )
        .await?
    };
    record_sync(&tx, context, actor, id, requested).await?;
    tx.commit().await?;
    Ok(requested)
}

/// Requests a sync of one competitor for whom something differs from the platform, whenever they were last synced.
///
/// # Errors
/// When nothing about the competitor may be sent. The text says why.
pub(crate) async fn retry_competitor(
    context: &Context,
    actor: Actor,
    id: CompetitorId,
) -> Result<RequestedRun, ActionError> {
    let mut tx = context.begin().await?;
    free(&tx, id).await?;
    let requested =
        request_within(&mut tx, context, None, Trigger::Retry, RunScope::Competitor(id)).await?;
    record_sync(&tx, context, actor, id, requested).await?;
    tx.commit().await?;
    Ok(requested)
}

async fn record_sync(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    id: CompetitorId,
    requested: RequestedRun,
) -> Result<(), ActionError> {
    let after = json!({ "run": requested.run.0 });
    let act = act(id, actor, "ctf_competitor.sync", Some(after));
    Ok(audit::record(tx, context, act).await?)
}

async fn has_error(tx: &Tx, view: &CompetitorView) -> Result<bool, DbError> {
    match &view.game_platform_id {
        _ if view.game_platform_sync_error.is_some() => Ok(true),
        Some(user) => sync_state::has_error(tx, user).await,
        None => Ok(false),
    }
}

fn synced_too_soon(seconds: i64) -> Problem {
    let again = counted(seconds, "second", "seconds");
    let detail = format!(
        "This competitor was synced less than a minute ago. You can sync again in {again}."
    );
    let problem = Problem::new(ProblemKind::TooManyRequests, "COMPETITOR_SYNCED", detail);
    problem.after(u32::try_from(seconds).unwrap_or(u32::MAX))
}

/// Clears the sync error of a competitor. Repeating it changes nothing.
///
/// # Errors
/// When the competitor is unknown.
pub async fn clear_sync_error(
    context: &Context,
    actor: Actor,
    id: CompetitorId,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    let view = locked(&tx, id).await?;
    accounts::set_error(&tx, Owner::Competitor(id), None, context.now()).await?;
    if let Some(user) = &view.game_platform_id {
        sync_state::clear_error(&tx, user).await?;
    }
    audit::record(&tx, context, act(id, actor, "ctf_competitor.clear_error", None)).await?;
    Ok(tx.commit().await?)
}

/// Makes the platform send a competitor an email that resets their password, at most every ten minutes.
///
/// # Errors
/// When the competitor is not on the platform or may not be sent, the platform was asked for such an email less than ten minutes
/// ago, or it does not send the email.
pub async fn send_password_reset(
    context: &Context,
    platforms: &Platforms,
    actor: Actor,
    id: CompetitorId,
) -> Result<(), ActionError> {
    let (view, before) = reserve_reset(context, id).await?;
    let user = view.game_platform_id.as_deref().unwrap_or_default();
    let coaches = sync_people::coaches(&context.db, Some(view.roster_id)).await?;
    let sent = match platforms.open(context, &coaches.subjects(view.roster_id)) {
        Ok(platform) => platform.send_password_reset(user).await,
        Err(error) => Err(error),
    };
    if let Err(error) = sent {
        if !may_have_arrived(&error) {
            let tx = context.begin().await?;
            competitors::set_password_reset(&tx, id, before).await?;
            tx.commit().await?;
        }
        let (kind, detail) = (ProblemKind::Conflict, error.message());
        return Err(Problem::new(kind, "GAME_PLATFORM_FAILED", detail).into());
    }
    let tx = context.begin().await?;
    audit::record(&tx, context, act(id, actor, "ctf_competitor.password_reset", None)).await?;
    Ok(tx.commit().await?)
}

/// Notes that the platform is asked for an email, so that no one else asks at the same time. Returns when it was asked before.
async fn reserve_reset(
    context: &Context,
    id: CompetitorId,
) -> Result<(CompetitorView, Option<Timestamp>), ActionError> {
    let (tx, now) = (context.begin().await?, context.now());
    let view = free(&tx, id).await?;
    if view.game_platform_id.is_none() {
        return Err(not_there().into());
    }
    let before = competitors::password_reset_at(&tx, id).await?;
    if let Some(seconds) = wait(before, RESET, now) {
        return Err(reset_too_soon(seconds).into());
    }
    competitors::set_password_reset(&tx, id, Some(now)).await?;
    tx.commit().await?;
    Ok((view, before))
}

/// Returns whether the platform may have sent an email although it did not say so.
fn may_have_arrived(error: &PlatformError) -> bool {
    matches!(
        error,
        PlatformError::Failed { .. } | PlatformError::Unreachable(_) | PlatformError::TooLarge
    )
}

fn reset_too_soon(seconds: i64) -> Problem {
    let minutes = counted((seconds + 59) / 60, "minute", "minutes");
    let detail = format!(
        "The game platform was asked for this email less than ten minutes ago. You can ask again in {minutes}."
    );
    let problem = Problem::new(ProblemKind::TooManyRequests, "PASSWORD_RESET_SENT", detail);
    problem.after(u32::try_from(seconds).unwrap_or(u32::MAX))
}

fn not_there() -> Problem {
    let detail = "The competitor is not on the game platform. Add them first: select Sync now.";
    Problem::new(ProblemKind::Conflict, "NOT_ON_PLATFORM", detail)
}
