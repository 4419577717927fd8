use std::sync::Arc;

use axum::{Extension, Json, extract::State, http::StatusCode};
use identity::access::Admin;
use kernel::Timestamp;
use platform::{
    Context,
    idempotency::IdempotencyKey,
    jobs::{JobCommand, JobControl, JobStatus, JobsStatus, QueueStatus, ScheduledRun},
    web::{Body, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Scheduled jobs and background queues.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct JobList {
    /// Scheduled jobs.
    schedules: Vec<ScheduleView>,
    /// Background queues.
    queues: Vec<QueueView>,
}

/// A scheduled job and its last runs.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "name": "LedgerVerification", "formerly": null, "cron": "40 3 * * *",
    "next_run_at": "2026-11-03T03:40:00Z", "is_paused": false, "runs": [{
        "state": "done", "scheduled_at": "2026-11-02T03:40:00Z", "started_at": "2026-11-02T03:40:00Z",
        "ended_at": "2026-11-02T03:40:09Z", "duration_ms": 8700, "attempts": 1,
        "outcome": "no mismatches", "error": null
    }]
}))]
pub(super) struct ScheduleView {
    /// The job's name.
    name: &'static str,
    /// The job's name in the release before. Null if it was the same.
    formerly: Option<&'static str>,
    /// When the job runs, as a cron expression in UTC: minute, hour, day, month, day of the week.
    cron: String,
    /// When the job runs next. Null while it is paused.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_run_at: Option<Timestamp>,
    /// True while the job is paused.
    is_paused: bool,
    /// The last runs, latest first.
    runs: Vec<RunView>,
}

/// A run of a scheduled job.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct RunView {
    /// `waiting` until the run ends, then `done` or `dead`.
    state: &'static str,
    /// When the run was due.
    #[schema(value_type = String, format = DateTime)]
    scheduled_at: Timestamp,
    /// When the last attempt started.
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<Timestamp>,
    /// When the run ended. Null until then.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    /// The duration of the last attempt in milliseconds. Null until it ends.
    duration_ms: Option<i64>,
    /// The number of attempts.
    attempts: i64,
    /// A summary of the result.
    outcome: Option<String>,
    /// The error of the last attempt.
    error: Option<String>,
}

/// A background queue and its worker.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "name": "inbox", "formerly": null, "depth": 12, "oldest_at": "2026-11-02T03:40:00Z",
    "dead": 0, "is_paused": false
}))]
struct QueueView {
    /// The worker's name; `schedules` for scheduled jobs.
    name: String,
    /// The worker's name in the release before. Null if it was the same.
    formerly: Option<&'static str>,
    /// The number of pending entries, including those that are not due yet.
    depth: i64,
    /// When the oldest pending entry was added.
    #[schema(value_type = Option<String>, format = DateTime)]
    oldest_at: Option<Timestamp>,
    /// The number of failed entries.
    dead: i64,
    /// True while the worker is paused.
    is_paused: bool,
}

/// The reason for pausing a job.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "The database is being moved" }))]
pub(super) struct JobPause {
    /// The reason, shown in the audit log.
    #[schema(min_length = 1)]
    reason: String,
}

/// The result of requesting a run.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "is_queued": true }))]
pub(super) struct QueuedRun {
    /// True when a run was queued. False when one was already waiting or running.
    is_queued: bool,
}

/// The result of retrying failed runs.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "retried": 1 }))]
pub(super) struct RetriedRuns {
    /// The number of runs that were queued again.
    retried: u64,
}

impl From<ScheduledRun> for RunView {
    fn from(run: ScheduledRun) -> Self {
        Self {
            state: match (run.completed_at, run.dead_at) {
                (Some(_), _) => "done",
                (None, Some(_)) => "dead",
                (None, None) => "waiting",
            },
            scheduled_at: run.created_at,
            started_at: run.started_at,
            ended_at: run.completed_at.or(run.dead_at),
            duration_ms: run.took().map(|took| took.num_milliseconds()),
            attempts: run.attempts,
            outcome: run.outcome,
            error: run.last_error,
        }
    }
}

impl From<JobStatus> for ScheduleView {
    fn from(status: JobStatus) -> Self {
        Self {
            name: status.job.now,
            formerly: status.job.formerly,
            cron: status.cron,
            next_run_at: status.next_at,
            is_paused: status.is_paused,
            runs: status.runs.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<QueueStatus> for QueueView {
    fn from(status: QueueStatus) -> Self {
        let QueueStatus { state, worker, is_paused } = status;
        Self {
            name: state.name,
            formerly: worker.and_then(|worker| worker.formerly),
            depth: state.depth,
            oldest_at: state.oldest_at,
            dead: state.dead,
            is_paused,
        }
    }
}

impl From<JobsStatus> for JobList {
    fn from(all: JobsStatus) -> Self {
        Self {
            schedules: all.schedules.into_iter().map(Into::into).collect(),
            queues: all.queues.into_iter().map(Into::into).collect(),
        }
    }
}

type Control = Extension<Arc<JobControl>>;

/// Lists scheduled jobs with their last runs, and background queues.
#[utoipa::path(
    get,
    path = "/api/v1/admin/jobs",
    operation_id = "list_jobs",
    tag = "Admin",
    responses(
        (status = 200, description = "Scheduled jobs and queues", body = JobList),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn jobs(
    State(context): State<Context>,
    Extension(all_jobs): Control,
    _: Admin,
) -> Result<Json<JobList>, WebError> {
    Ok(Json(all_jobs.all(&context).await?.into()))
}

/// Returns a scheduled job and its last 50 runs.
#[utoipa::path(
    get,
    path = "/api/v1/admin/jobs/{name}",
    operation_id = "get_job",
    tag = "Admin",
    responses((status = 200, description = "The scheduled job", body = ScheduleView)),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn job(
    State(context): State<Context>,
    Extension(all_jobs): Control,
    _: Admin,
    Path(name): Path<String>,
) -> Result<Json<ScheduleView>, WebError> {
    Ok(Json(all_jobs.one(&context, &name).await?.into()))
}

/// Queues a run of a scheduled job, unless one is already waiting or running. A paused job runs after it is resumed.
#[utoipa::path(
    post,
    path = "/api/v1/admin/jobs/{name}/runs",
    operation_id = "run_job",
    tag = "Admin",
    params(IdempotencyKey),
    responses((status = 202, description = "A run is queued or running", body = QueuedRun)),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn run(
    State(context): State<Context>,
    Extension(all_jobs): Control,
    Admin(viewer): Admin,
    Path(name): Path<String>,
) -> Result<(StatusCode, Json<QueuedRun>), WebError> {
    let actor = viewer.actor();
    let planned = all_jobs.run(&context, actor, &name, JobCommand::Run).await?;
    let is_queued = planned > 0;
    Ok((StatusCode::ACCEPTED, Json(QueuedRun { is_queued })))
}

/// Pauses a scheduled job or a worker. The change takes effect within five seconds.
#[utoipa::path(
    put,
    path = "/api/v1/admin/jobs/{name}/pause",
    operation_id = "pause_job",
    tag = "Admin",
    params(("name" = String, Path, description = "The name of a scheduled job or a worker", example = "inbox")),
    request_body = JobPause,
    responses(
        (status = 204, description = "The job is paused"),
        (status = 404, description = "No job has this name"),
        (status = 422, description = "The reason is missing")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn pause(
    State(context): State<Context>,
    Extension(all_jobs): Control,
    Admin(viewer): Admin,
    Path(name): Path<String>,
    Body(pause): Body<JobPause>,
) -> Result<StatusCode, WebError> {
    let (actor, command) = (viewer.actor(), JobCommand::Pause(pause.reason));
    all_jobs.run(&context, actor, &name, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Resumes a paused job or worker.
#[utoipa::path(
    delete,
    path = "/api/v1/admin/jobs/{name}/pause",
    operation_id = "resume_job",
    tag = "Admin",
    params(("name" = String, Path, description = "The name of a scheduled job or a worker", example = "inbox")),
    responses(
        (status = 204, description = "The job is resumed"),
        (status = 404, description = "No job has this name")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn resume(
    State(context): State<Context>,
    Extension(all_jobs): Control,
    Admin(viewer): Admin,
    Path(name): Path<String>,
) -> Result<StatusCode, WebError> {
    let actor = viewer.actor();
    all_jobs.run(&context, actor, &name, JobCommand::Resume).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Retries a scheduled job's failed runs.
#[utoipa::path(
    post,
    path = "/api/v1/admin/jobs/{name}/retry-dead",
    operation_id = "retry_failed_runs",
    tag = "Admin",
    responses((status = 202, description = "The failed runs are queued again", body = RetriedRuns)),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn retry_dead(
    State(context): State<Context>,
    Extension(all_jobs): Control,
    Admin(viewer): Admin,
    Path(name): Path<String>,
) -> Result<(StatusCode, Json<RetriedRuns>), WebError> {
    let actor = viewer.actor();
    let retried = all_jobs.run(&context, actor, &name, JobCommand::RetryDead).await?;
    Ok((StatusCode::ACCEPTED, Json(RetriedRuns { retried })))
}
