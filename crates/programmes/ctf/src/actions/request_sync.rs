use chrono::TimeDelta;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{DbError, Sql, Tx},
    idempotency::{KEPT, reused},
};
use serde_json::json;

use crate::{
    access,
    gateway::Platforms,
    model::{SYNC_RUNS, SyncRunId},
    reads,
    rules::{
        links::digest,
        plan::wait,
        runs::{RunScope, Trigger},
    },
    store::runs::{self, NewRun},
};

/// The lock of requests and starts of runs.
pub(crate) const RUNS: &str = "ctf.sync_runs";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestedRun {
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
    Err(Problem::new(ProblemKind::Conflict, "GAME_PLATFORM_OFF", why))
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
    scope: RunScope,
) -> Result<RequestedRun, ActionError> {
    check_known(context, scope).await?;
    let mut tx = context.begin().await?;
    let requested = request_within(&mut tx, context, actor, trigger, scope).await?;
    tx.commit().await?;
    Ok(requested)
}

/// Requests a run for a caller who sends a key, once for each of their keys within 24 hours. Returns the run, and whether it is
/// that of an earlier request with the key, which is found also while the integration is off.
///
/// # Errors
/// When the integration is off, the coach, the roster or the competitor is unknown, or the key was sent for a different scope
/// before.
pub async fn request_sync_once(
    context: &Context,
    platforms: &Platforms,
    actor: Actor,
    scope: RunScope,
    key: &str,
) -> Result<(RequestedRun, bool), ActionError> {
    let key = digest_of(actor, key);
    if let Some(found) = requested_before(&context.db, context, &key, scope).await? {
        return Ok((found, true));
    }
    integration_on(context, platforms)?;
    check_known(context, scope).await?;
    let mut tx = context.begin().await?;
    tx.serialize(RUNS).await?;
    if let Some(found) = requested_before(&tx, context, &key, scope).await? {
        return Ok((found, true));
    }
    let requested = request_within(&mut tx, context, Some(actor), Trigger::Api, scope).await?;
    runs::add_key(&tx, requested.run, &word(&key, scope)).await?;
    tx.commit().await?;
    Ok((requested, false))
}

/// Returns the digest of a key. Those of people are theirs alone; a key contains no space.
fn digest_of(actor: Actor, key: &str) -> String {
    match actor.person() {
        Some(person) => digest(&format!("{person} {key}")),
        None => digest(key),
    }
}

/// Returns the word that is stored for a key and the scope that it was sent for.
fn word(key: &str, scope: RunScope) -> String {
    format!("{key}={scope}")
}

/// Returns the run of an earlier request with a key.
async fn requested_before(
    db: &impl Sql,
    context: &Context,
    key: &str,
    scope: RunScope,
) -> Result<Option<RequestedRun>, ActionError> {
    let found = runs::of_key(db, key, context.now() - KEPT).await?;
    let Some((run, words)) = found else {
        return Ok(None);
    };
    let word = word(key, scope);
    if words.split(' ').any(|own| own == word) {
        Ok(Some(RequestedRun { run, is_new: false }))
    } else {
        Err(reused().into())
    }
}

/// Refuses a scope with an unknown ID.
pub(crate) async fn check_known(context: &Context, scope: RunScope) -> Result<(), ActionError> {
    let db = &context.db;
    match scope {
        RunScope::Coach(id) => drop(reads::coach(db, id).await?.ok_or_else(access::unknown_coach)?),
        RunScope::Roster(id) | RunScope::RosterFailed(id) => {
            drop(reads::roster(db, id).await?.ok_or_else(access::unknown_roster)?);
        }
        RunScope::Competitor(id) => {
            let found = reads::competitor(db, id).await?;
            found.ok_or_else(access::unknown_competitor)?;
        }
        RunScope::All | RunScope::New | RunScope::Totals | RunScope::Failed => {}
    }
    Ok(())
}

/// Returns the run that covers a request and has not ended, if there is one. The caller's transaction serializes requests from
/// then on.
async fn covering(
    tx: &Tx,
    trigger: Trigger,
    scope: RunScope,
) -> Result<Option<SyncRunId>, DbError> {
    tx.serialize(RUNS).await?;
    let roster = match scope {
        RunScope::Competitor(id) => reads::competitor(tx, id).await?.map(|view| view.roster()),
        _ => None,
    };
    let open = runs::open(tx).await?;
    let covers = |run: &&runs::OpenRun| {
        // The running one may have passed those for whom a retry is requested.
        let is_too_late = trigger == Trigger::Retry && run.is_running();
        !is_too_late && run.scope.covers(scope, roster)
    };
    Ok(open.iter().find(covers).map(|run| run.id.into()))
}

/// Requests a run in the caller's transaction, unless one of the same scope was requested less than `every` ago: then `too_soon`
/// is returned with the seconds until the next one is possible. A run that covers the request and has not ended is returned
/// whenever it was requested.
pub(crate) async fn request_at_most(
    tx: &mut Tx,
    context: &Context,
    trigger: Trigger,
    scope: RunScope,
    every: TimeDelta,
    too_soon: fn(i64) -> Problem,
) -> Result<RequestedRun, ActionError> {
    let now = context.now();
    if covering(tx, trigger, scope).await?.is_none() {
        let last = runs::last_of(tx, scope, now - every).await?;
        if let Some(seconds) = wait(last, every, now) {
            return Err(too_soon(seconds).into());
        }
    }
    request_within(tx, context, None, trigger, scope).await
}

/// Requests a run in the caller's transaction.
pub(crate) async fn request_within(
    tx: &mut Tx,
    context: &Context,
    actor: Option<Actor>,
    trigger: Trigger,
    scope: RunScope,
) -> Result<RequestedRun, ActionError> {
    if let Some(run) = covering(tx, trigger, scope).await? {
        return Ok(RequestedRun { run, is_new: false });
    }
    let id = SyncRunId::new(context.ids.next());
    let new = NewRun { id, scope, trigger, requested_by: actor.and_then(Actor::person) };
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
    Ok(RequestedRun { run: id, is_new: true })
}
