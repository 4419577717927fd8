use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::{Value, json};

use super::{
    onboard::person,
    request_sync::{Requested, request_within},
};
use crate::{
    access,
    gateway::Platforms,
    model::CompetitorId,
    reads::{self, CompetitorView},
    rules::{
        plan::hindrance,
        runs::{Scope, Trigger},
    },
    store::{
        accounts::{self, Owner},
        sync_people, sync_state,
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

/// Refuses what would send something about a competitor who must not be sent.
fn check_free(view: &CompetitorView) -> Result<(), Problem> {
    match hindrance(&person(view)) {
        Some(skip) => {
            let detail = skip.message().to_owned();
            Err(Problem::new(
                ProblemKind::Conflict,
                "COMPETITOR_NOT_SENT",
                detail,
            ))
        }
        None => Ok(()),
    }
}

/// Requests a sync of one competitor, which also puts them on the platform.
///
/// # Errors
/// When nothing about the competitor may be sent. The text says why.
pub async fn request_competitor_sync(
    context: &Context,
    actor: Actor,
    id: CompetitorId,
) -> Result<Requested, ActionError> {
    let mut tx = context.begin().await?;
    check_free(&locked(&tx, id).await?)?;
    let what = (Trigger::Retry, Scope::Competitor(id));
    let requested = request_within(&mut tx, context, None, what).await?;
    let after = json!({ "run": requested.run.0 });
    let act = act(id, actor, "ctf_competitor.sync", Some(after));
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(requested)
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
    audit::record(
        &tx,
        context,
        act(id, actor, "ctf_competitor.clear_error", None),
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Makes the platform send a competitor an e-mail that resets their password.
///
/// # Errors
/// When the competitor is not on the platform or may not be sent, or the platform does not send the e-mail.
pub async fn send_password_reset(
    context: &Context,
    platforms: &Platforms,
    actor: Actor,
    id: CompetitorId,
) -> Result<(), ActionError> {
    let found = reads::competitor(&context.db, id).await?;
    let view = found.ok_or_else(access::unknown_competitor)?;
    check_free(&view)?;
    let user = view.game_platform_id.as_deref().ok_or_else(not_there)?;
    let coaches = sync_people::coaches(&context.db, Some(view.roster_id)).await?;
    let sent = match platforms.open(context, &coaches.subjects(view.roster_id)) {
        Ok(platform) => platform.send_password_reset(user).await,
        Err(error) => Err(error),
    };
    sent.map_err(|error| {
        let detail = error.message();
        Problem::new(ProblemKind::Conflict, "GAME_PLATFORM_FAILED", detail)
    })?;
    let tx = context.begin().await?;
    audit::record(
        &tx,
        context,
        act(id, actor, "ctf_competitor.password_reset", None),
    )
    .await?;
    Ok(tx.commit().await?)
}

fn not_there() -> Problem {
    let detail = "The competitor is not on the game platform. Add them first: select Sync now.";
    Problem::new(ProblemKind::Conflict, "NOT_ON_PLATFORM", detail)
}
