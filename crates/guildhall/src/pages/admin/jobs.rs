use std::sync::Arc;
use ui::{
    Address, Asked, Filled, PageError, PageResult,
    format::{Instant, Number, segment},
    show,
};

use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use identity::access::Admin;
use kernel::Timestamp;
use platform::{Context, jobs::Run, web::WebError};
use serde::Deserialize;

use super::super::{Done, words::Tag};
use crate::jobs::{JobCommand, JobControl, JobStatus, QueueStatus};

fn said(done: &Done) -> &'static str {
    match done.done.as_str() {
        "run" => "A run is planned; it begins within a moment, or when the job is resumed.",
        "waits" => "A run waits already; that one answers.",
        "paused" => "The job is paused. Every process follows within five seconds.",
        "resumed" => "The job goes on within five seconds.",
        "retried" => "Its dead letters are due again.",
        _ => "",
    }
}

struct Row {
    state: Tag,
    planned: Instant,
    took: String,
    attempts: Number,
    found: String,
}

impl From<Run> for Row {
    fn from(run: Run) -> Self {
        let (class, word) = match (run.completed_at, run.dead_at, &run.last_error) {
            (Some(_), ..) => ("t-vert solid", "Done"),
            (None, Some(_), _) => ("t-gules", "Dead"),
            (None, None, Some(_)) => ("t-gules", "Failed, tried again"),
            (None, None, None) => ("t-azure", "Waiting"),
        };
        let took = run.took().map(|took| took.num_milliseconds());
        Self {
            state: Tag { class, word },
            planned: Instant(run.created_at),
            took: took.map_or("–".to_owned(), duration),
            attempts: Number(run.attempts),
            found: run.last_error.or(run.outcome).unwrap_or_default(),
        }
    }
}

/// "340 ms", "12.5 s", "4 min".
fn duration(milliseconds: i64) -> String {
    match milliseconds {
        ..1_000 => format!("{milliseconds} ms"),
        1_000..120_000 => format!("{}.{} s", milliseconds / 1_000, milliseconds / 100 % 10),
        _ => format!("{} min", Number(milliseconds / 60_000)),
    }
}

struct Schedule {
    name: &'static str,
    cron: String,
    next: Option<Instant>,
    is_paused: bool,
    has_dead: bool,
    runs: Vec<Row>,
}

impl From<JobStatus> for Schedule {
    fn from(standing: JobStatus) -> Self {
        Self {
            name: standing.name,
            cron: standing.cron,
            next: standing.next_at.map(Instant),
            is_paused: standing.is_paused,
            has_dead: standing.runs.iter().any(|run| run.dead_at.is_some()),
            runs: standing.runs.into_iter().map(Into::into).collect(),
        }
    }
}

struct Queue {
    name: String,
    depth: Number,
    age: String,
    dead: Number,
    is_paused: bool,
    is_worker: bool,
}

impl Queue {
    fn of(waiting: QueueStatus, now: Timestamp) -> Self {
        let QueueStatus {
            state,
            is_paused,
            is_worker,
        } = waiting;
        let age = state.oldest_at.map(|at| (now - at).num_milliseconds());
        Self {
            name: state.name,
            depth: Number(state.depth),
            age: age.map_or("–".to_owned(), |age| duration(age.max(0))),
            dead: Number(state.dead),
            is_paused,
            is_worker,
        }
    }
}

#[derive(Template)]
#[template(path = "admin_jobs.html")]
struct JobsPage {
    said: &'static str,
    queues: Vec<Queue>,
    schedules: Vec<Schedule>,
}

type JobsStatus = Extension<Arc<JobControl>>;

/// `GET /admin/jobs`.
pub(super) async fn list(
    State(context): State<Context>,
    Extension(all_jobs): JobsStatus,
    _: Admin,
    Asked(done): Asked<Done>,
) -> PageResult {
    let all = all_jobs.all(&context).await?;
    let queue = |waiting| Queue::of(waiting, context.now());
    show(&JobsPage {
        said: said(&done),
        queues: all.queues.into_iter().map(queue).collect(),
        schedules: all.schedules.into_iter().map(Into::into).collect(),
    })
}

#[derive(Template)]
#[template(path = "admin_job.html")]
struct JobPage {
    said: &'static str,
    schedule: Schedule,
}

/// `GET /admin/jobs/{name}`.
pub(super) async fn show_one(
    State(context): State<Context>,
    Extension(all_jobs): JobsStatus,
    _: Admin,
    Address(name): Address<String>,
    Asked(done): Asked<Done>,
) -> PageResult {
    let standing = all_jobs
        .one(&context, &name)
        .await
        .map_err(WebError::from)?;
    show(&JobPage {
        said: said(&done),
        schedule: standing.into(),
    })
}

async fn obey(
    (all_jobs, context): (&JobControl, &Context),
    Admin(viewer): Admin,
    name: &str,
    order: JobCommand,
) -> Result<u64, PageError> {
    let actor = viewer.actor();
    let obeyed = all_jobs.obey(context, actor, name, order).await;
    Ok(obeyed.map_err(WebError::from)?)
}

fn back(name: &str, done: &str) -> Response {
    Redirect::to(&format!("/admin/jobs/{}?done={done}", segment(name))).into_response()
}

fn to_list(done: &str) -> Response {
    Redirect::to(&format!("/admin/jobs?done={done}")).into_response()
}

/// `POST /admin/jobs/{name}/run`.
pub(super) async fn run(
    State(context): State<Context>,
    Extension(all_jobs): JobsStatus,
    admin: Admin,
    Address(name): Address<String>,
) -> Result<Response, PageError> {
    let planned = obey((&all_jobs, &context), admin, &name, JobCommand::Run).await?;
    Ok(back(&name, if planned > 0 { "run" } else { "waits" }))
}

/// Why a job is to be paused.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Pause {
    reason: String,
}

/// `POST /admin/jobs/{name}/pause`.
pub(super) async fn pause(
    State(context): State<Context>,
    Extension(all_jobs): JobsStatus,
    admin: Admin,
    Address(name): Address<String>,
    Filled(pause, _): Filled<Pause>,
) -> Result<Response, PageError> {
    let order = JobCommand::Pause(pause.reason);
    obey((&all_jobs, &context), admin, &name, order).await?;
    Ok(to_list("paused"))
}

/// `POST /admin/jobs/{name}/resume`.
pub(super) async fn resume(
    State(context): State<Context>,
    Extension(all_jobs): JobsStatus,
    admin: Admin,
    Address(name): Address<String>,
) -> Result<Response, PageError> {
    obey((&all_jobs, &context), admin, &name, JobCommand::Resume).await?;
    Ok(to_list("resumed"))
}

/// `POST /admin/jobs/{name}/retry-dead`.
pub(super) async fn retry_dead(
    State(context): State<Context>,
    Extension(all_jobs): JobsStatus,
    admin: Admin,
    Address(name): Address<String>,
) -> Result<Response, PageError> {
    obey((&all_jobs, &context), admin, &name, JobCommand::RetryDead).await?;
    Ok(back(&name, "retried"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_as_fine_as_it_matters() {
        let told = [0, 999, 1_000, 12_540, 119_999, 120_000, 86_400_000].map(duration);
        let expected = [
            "0 ms",
            "999 ms",
            "1.0 s",
            "12.5 s",
            "119.9 s",
            "2 min",
            "1,440 min",
        ];
        assert_eq!(told, expected);
    }
}
