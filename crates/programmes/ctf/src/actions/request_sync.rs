use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::json;

use super::links::person_of;
use crate::{
    access,
    gateway::Platforms,
    model::{SYNC_RUNS, SyncRunId},
    reads,
    rules::runs::{Scope, Trigger},
    store::runs::{self, NewRun},
};

/// The lock of requests and starts of runs.
pub(crate) const RUNS: &str = "ctf.sync_runs";

/// A run that does what was requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requested {
    /// The run.
    pub run: SyncRunId,
    /// False if an earlier request made it.
    pub is_new: bool,
}

/// Refuses a request while the integration is off.
///
/// # Errors
/// When no platform is configured, or the variable or the row of the flag is off. The text says which.
pub fn integration_on(context: &Context, platforms: &Platforms) -> Result<(), Problem> {
    if platforms.is_enabled(context) {
        return Ok(());
    }
    let why = platforms.held_back(context, &[]);
    let why = why.unwrap_or_else(|| "The game platform is switched off.".to_owned());
    Err(Problem::new(
        ProblemKind::Conflict,
        "GAME_PLATFORM_OFF",
        why,
    ))
}

/// Requests a run. A run that covers the request and has not ended is returned instead: the running one, or one that waits.
/// Without an actor, the schedule requests it.
///
/// # Errors
/// When the coach, the roster or the competitor is unknown.
pub async fn request_sync(
    context: &Context,
    actor: Option<Actor>,
    trigger: Trigger,
    scope: Scope,
) -> Result<Requested, ActionError> {
    check_known(context, scope).await?;
    let mut tx = context.begin().await?;
    let requested = request_within(&mut tx, context, actor, (trigger, scope)).await?;
    tx.commit().await?;
    Ok(requested)
}

/// Refuses a scope with an unknown ID.
pub(crate) async fn check_known(context: &Context, scope: Scope) -> Result<(), ActionError> {
    let db = &context.db;
    match scope {
        Scope::Coach(id) => drop(
            reads::coach(db, id)
                .await?
                .ok_or_else(access::unknown_coach)?,
        ),
        Scope::Roster(id) => drop(
            reads::roster(db, id)
                .await?
                .ok_or_else(access::unknown_roster)?,
        ),
        Scope::Competitor(id) => {
            let found = reads::competitor(db, id).await?;
            found.ok_or_else(access::unknown_competitor)?;
        }
        Scope::All | Scope::New | Scope::Totals | Scope::Failed => {}
    }
    Ok(())
}

/// Requests a run in the caller's transaction.
pub(crate) async fn request_within(
    tx: &mut Tx,
    context: &Context,
    actor: Option<Actor>,
    (trigger, scope): (Trigger, Scope),
) -> Result<Requested, ActionError> {
    tx.serialize(RUNS).await?;
    for run in runs::open(tx).await? {
        // The running one may have passed those for whom a retry is requested.
        let is_too_late = trigger == Trigger::Retry && run.is_running();
        if !is_too_late && run.scope().is_some_and(|other| other.covers(scope)) {
            return Ok(Requested {
                run: run.id.into(),
                is_new: false,
            });
        }
    }
    let id = SyncRunId::new(context.ids.next());
    let new = NewRun {
        id,
        scope,
        trigger,
        requested_by: actor.and_then(person_of),
    };
    runs::insert(tx, new, context.now()).await?;
    if let Some(actor) = actor {
        let act = Act {
            actor,
            action: "sync_run.request",
            target_kind: "sync_run",
            target_id: id.0,
            before: None,
            after: Some(json!({ "scope": scope.to_string(), "trigger": trigger.as_str() })),
            reason: None,
        };
        audit::record(tx, context, act).await?;
    }
    tx.raise(SYNC_RUNS);
    Ok(Requested {
        run: id,
        is_new: true,
    })
}
