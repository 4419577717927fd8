use axum::{Json, extract::State, http::StatusCode};
use identity::access::Admin;
use kernel::Timestamp;
use platform::{
    Context,
    idempotency::IdempotencyKey,
    jobs::{self, ScheduledRun},
    web::{All, WebError},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::jobs::{CHECKS_SHOWN, VERIFICATION};

/// A ledger check and its result.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "state": "passed", "scheduled_at": "2026-11-02T03:40:00Z", "attempts": 1,
    "ended_at": "2026-11-02T03:40:09Z", "outcome": "no mismatches", "error": null
}))]
pub(super) struct Check {
    /// `waiting` until the check ends, then `passed` or `failed`.
    state: &'static str,
    /// When the check was requested or due.
    #[schema(value_type = String, format = DateTime)]
    scheduled_at: Timestamp,
    /// The number of attempts so far.
    attempts: i64,
    /// When the check ended. Null until then.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    /// The result of the check.
    outcome: Option<String>,
    /// The mismatch that the last attempt found, or the error that stopped it.
    error: Option<String>,
}

impl From<ScheduledRun> for Check {
    fn from(run: ScheduledRun) -> Self {
        Self {
            state: match (run.completed_at, run.dead_at) {
                (Some(_), _) => "passed",
                (None, Some(_)) => "failed",
                (None, None) => "waiting",
            },
            scheduled_at: run.created_at,
            attempts: run.attempts,
            ended_at: run.completed_at.or(run.dead_at),
            outcome: run.outcome,
            error: run.last_error,
        }
    }
}

/// The result of requesting a check.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "is_queued": true }))]
pub(super) struct QueuedCheck {
    /// True when a check was queued. False when one is already waiting or running.
    is_queued: bool,
}

/// Lists the last 20 ledger checks, latest first.
#[utoipa::path(
    get,
    path = "/api/v1/admin/ledger/checks",
    operation_id = "list_ledger_checks",
    tag = "Admin",
    responses(
        (status = 200, description = "The ledger checks", body = All<Check>),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn checks(
    State(context): State<Context>,
    _: Admin,
) -> Result<Json<All<Check>>, WebError> {
    let runs = jobs::runs(&context.db, VERIFICATION, CHECKS_SHOWN).await?;
    Ok(Json(All::of(runs)))
}

/// Queues a ledger check, unless one is already waiting or running.
#[utoipa::path(
    post,
    path = "/api/v1/admin/ledger/checks",
    operation_id = "check_ledger",
    tag = "Admin",
    params(IdempotencyKey),
    responses(
        (status = 202, description = "A check is queued or running", body = QueuedCheck),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn check(
    State(context): State<Context>,
    Admin(viewer): Admin,
) -> Result<(StatusCode, Json<QueuedCheck>), WebError> {
    let actor = viewer.actor();
    let is_queued = jobs::ask(&context, actor, VERIFICATION).await?;
    Ok((StatusCode::ACCEPTED, Json(QueuedCheck { is_queued })))
}
