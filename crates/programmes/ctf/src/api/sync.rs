use std::time::Duration;

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use kernel::Problem;
use platform::{
    Context,
    audit::Actor,
    db::DbError,
    idempotency::{self, IdempotencyKey},
    web::{Patience, WebError, not_found},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::sync_request::SyncRequest;
use crate::{
    FLAG,
    access::SyncCaller,
    actions::{self, RequestedRun, preflight},
    gateway::Platforms,
    model::SyncRunId,
    reads::{self, SyncRunView},
    rules::runs::{RunOutcome, RunScope, SyncCounts, Trigger},
};

/// How long the response waits for the run.
const WAIT: Duration = Duration::from_secs(300);

/// The additional time for the response itself.
const MARGIN: Duration = Duration::from_secs(9);

/// The header of a response to a request whose key was sent before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// How often the run is read.
const LOOKS_EVERY: Duration = Duration::from_millis(250);

/// Numbers of a run.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = SyncCounts)]
struct Numbers {
    /// All.
    total: i64,
    /// The number of those with something new.
    synced: i64,
    /// The number of those without news, and those that were left out for a reason.
    skipped: i64,
    /// The number of those that failed.
    failed: i64,
}

impl From<SyncCounts> for Numbers {
    fn from(counts: SyncCounts) -> Self {
        Self {
            total: counts.total,
            synced: counts.synced,
            skipped: counts.skipped,
            failed: counts.failed,
        }
    }
}

/// The numbers of a run.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = SyncSummary)]
struct Summary {
    /// Of competitors.
    competitors: Numbers,
    /// Of teams.
    teams: Numbers,
}

/// A run of the sync.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SyncRun, example = json!({
    "runId": "0192aaaa-bbbb-7ccc-8ddd-0123456789ab", "dryRun": false, "state": "finished", "outcome": "success",
    "summary": {
        "competitors": { "total": 22, "synced": 1, "skipped": 21, "failed": 0 },
        "teams": { "total": 4, "synced": 0, "skipped": 4, "failed": 0 }
    }
}))]
pub(super) struct SyncRun {
    /// The ID of the run. Null for a dry run, which is not stored.
    #[schema(value_type = Option<String>, format = Uuid)]
    run_id: Option<Uuid>,
    /// True if nothing was asked and nothing was written.
    dry_run: bool,
    /// `queued`, `running` or `finished`.
    state: String,
    /// `success`, `failure`, `ended_early`, `rejected` or `switched_off`. Null before the end, and for a dry run.
    outcome: Option<&'static str>,
    /// The numbers.
    summary: Summary,
}

impl From<SyncRunView> for SyncRun {
    fn from(run: SyncRunView) -> Self {
        Self {
            run_id: Some(run.id),
            dry_run: false,
            summary: Summary { competitors: run.competitors().into(), teams: run.teams().into() },
            outcome: run.outcome.map(RunOutcome::as_str),
            state: run.state,
        }
    }
}

/// Syncs with the game platform, and waits up to 300 seconds for the result.
///
/// A request that a run in progress covers returns that run; another one runs next. The body is read as JSON, whatever its
/// type. A request that repeats a key returns the run of the first request as it is now, also if the integration is off since. A
/// dry run takes no key.
#[utoipa::path(
    post,
    path = "/api/internal/sync",
    operation_id = "sync_game_platform",
    tag = "Game platform",
    params(
        IdempotencyKey,
        ("x-internal-sync-secret" = Option<String>, Header, description = "The secret of the server, instead of a session of an admin")
    ),
    request_body(content = SyncRequest, description = "What to sync. Empty: everyone"),
    responses(
        (status = 200, description = "The run has ended, or what it would do", body = SyncRun),
        (status = 202, description = "The run has not ended after 300 seconds", body = SyncRun),
        (status = 400, description = "The body is not valid JSON"),
        (status = 401, description = "The secret is wrong, or the server has none; or no one is signed in"),
        (status = 403, description = "The person is not an admin"),
        (status = 404, description = "The coach or the competitor is unknown"),
        (status = 409, description = "The integration is off. The text says which switch holds it back"),
        (status = 422, description = "Both IDs were sent, or an empty one")
    ),
    security((), ("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn sync(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    Extension(patience): Extension<Patience>,
    SyncCaller(actor): SyncCaller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, WebError> {
    if !context.flags.is_on_for_anyone(FLAG) {
        return Err(not_found().into());
    }
    let request = SyncRequest::read(&body)?;
    let scope = request.scope()?;
    if request.dry_run == Some(true) {
        actions::integration_on(&context, &platforms)?;
        actions::check_known(&context, scope).await?;
        let found = preflight(&context, &platforms, scope).await?;
        let run = SyncRun {
            run_id: None,
            dry_run: true,
            state: "finished".to_owned(),
            outcome: None,
            summary: Summary { competitors: found.competitors.into(), teams: found.teams.into() },
        };
        return Ok(Json(run).into_response());
    }
    patience.extend(WAIT + MARGIN);
    let (requested, is_replayed) = requested(&context, &platforms, actor, scope, &headers).await?;
    let run = ended(&context, requested.run).await?;
    let run =
        run.ok_or_else(|| Problem::not_found("The run no longer exists. Request another one."))?;
    let status = if run.is_finished() { StatusCode::OK } else { StatusCode::ACCEPTED };
    let mut response = (status, Json(SyncRun::from(run))).into_response();
    if is_replayed {
        let value = HeaderValue::from_static("true");
        response.headers_mut().insert(REPLAYED, value);
    }
    Ok(response)
}

/// Requests the run. Returns whether an earlier request with the same key made it. The layer that replays responses knows only
/// signed-in callers and waits less than this route, so the runs themselves have the keys.
async fn requested(
    context: &Context,
    platforms: &Platforms,
    actor: Actor,
    scope: RunScope,
    headers: &HeaderMap,
) -> Result<(RequestedRun, bool), WebError> {
    match idempotency::key(headers)? {
        Some(key) => {
            let requested = actions::request_sync_once(context, platforms, actor, scope, key);
            Ok(requested.await?)
        }
        None => {
            actions::integration_on(context, platforms)?;
            let requested = actions::request_sync(context, Some(actor), Trigger::Api, scope);
            Ok((requested.await?, false))
        }
    }
}

/// Waits for the end of a run. Returns the run, ended or not.
async fn ended(context: &Context, id: SyncRunId) -> Result<Option<SyncRunView>, DbError> {
    let waited = tokio::time::timeout(WAIT, async {
        loop {
            match reads::sync_run(&context.db, id).await? {
                Some(run) if !run.is_finished() => tokio::time::sleep(LOOKS_EVERY).await,
                found => return Ok(found),
            }
        }
    });
    match waited.await {
        Ok(found) => found,
        Err(_) => reads::sync_run(&context.db, id).await,
    }
}
