use std::sync::Arc;

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use identity::access::Admin;
use kernel::{ProblemKind, Timestamp, in_words};
use platform::{
    Context,
    jobs::{JobCommand, JobControl, JobStatus, QueueStatus, ScheduledRun},
    web::WebError,
};
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult, Tag,
    format::{Instant, Number, segment},
    redirect, show,
};

struct Row {
    state: Tag,
    planned: Instant,
    took: String,
    attempts: Number,
    result: String,
}

impl From<ScheduledRun> for Row {
    fn from(run: ScheduledRun) -> Self {
        let (class, word) = match (run.completed_at, run.dead_at, &run.last_error) {
            (Some(_), ..) => ("t-vert solid", "Done"),
            (None, Some(_), _) => ("t-gules", "Failed"),
            (None, None, Some(_)) => ("t-gules", "Failed, retrying"),
            (None, None, None) => ("t-azure", "Queued"),
        };
        let took = run.took().map(|took| took.num_milliseconds());
        Self {
            state: Tag { class, word },
            planned: Instant(run.created_at),
            took: took.map_or("–".to_owned(), duration),
            attempts: Number(run.attempts),
            result: run.last_error.or(run.outcome).unwrap_or_default(),
        }
    }
}

/// Formats a duration: "340 ms", "12.5 s", "4 min".
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
    fn from(status: JobStatus) -> Self {
        Self {
            name: status.job.now,
            cron: status.cron,
            next: status.next_at.map(Instant),
            is_paused: status.is_paused,
            has_dead: status.runs.iter().any(|run| run.dead_at.is_some()),
            runs: status.runs.into_iter().map(Into::into).collect(),
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
    fn needs_attention(&self, refused: &str) -> bool {
        self.depth.0 > 0 || self.dead.0 > 0 || self.is_paused || self.name == refused
    }

    fn of(status: QueueStatus, now: Timestamp) -> Self {
        let QueueStatus { state, worker, is_paused } = status;
        let age = state.oldest_at.map(|at| (now - at).num_milliseconds());
        Self {
            name: state.name,
            depth: Number(state.depth),
            age: age.map_or("–".to_owned(), |age| duration(age.max(0))),
            dead: Number(state.dead),
            is_paused,
            is_worker: worker.is_some(),
        }
    }
}

#[derive(Template)]
#[template(path = "admin_jobs.html")]
struct JobsPage {
    form: Form,
    /// The queue whose form was refused.
    refused: String,
    queues: Vec<Queue>,
    schedules: Vec<Schedule>,
    now: Instant,
}

type Control = Extension<Arc<JobControl>>;

/// `GET /admin/jobs`.
pub(super) async fn list(
    State(context): State<Context>,
    Extension(control): Control,
    _: Admin,
) -> PageResult {
    render_list(&context, &control, Form::default(), String::new()).await
}

async fn render_list(
    context: &Context,
    control: &JobControl,
    form: Form,
    refused: String,
) -> PageResult {
    let all = control.all(context).await?;
    let queue = |status| Queue::of(status, context.now());
    show(&JobsPage {
        form,
        refused,
        queues: all.queues.into_iter().map(queue).collect(),
        schedules: all.schedules.into_iter().map(Into::into).collect(),
        now: Instant(context.now()),
    })
}

#[derive(Template)]
#[template(path = "admin_job.html")]
struct JobPage {
    form: Form,
    schedule: Schedule,
    now: Instant,
}

/// `GET /admin/jobs/{name}`.
pub(super) async fn show_one(
    State(context): State<Context>,
    Extension(control): Control,
    _: Admin,
    Address(name): Address<String>,
) -> PageResult {
    render_one(&context, &control, &name, Form::default()).await
}

async fn render_one(context: &Context, control: &JobControl, name: &str, form: Form) -> PageResult {
    let status = control.one(context, name).await.map_err(WebError::from)?;
    show(&JobPage { form, schedule: status.into(), now: Instant(context.now()) })
}

async fn run_command(
    control: &JobControl,
    context: &Context,
    Admin(viewer): Admin,
    name: &str,
    command: JobCommand,
) -> Result<u64, PageError> {
    let result = control.run(context, viewer.actor(), name, command).await;
    Ok(result.map_err(WebError::from)?)
}

fn to_job(name: &str, notice: &str) -> Response {
    redirect(&format!("/admin/jobs/{}", segment(name)), notice)
}

/// `POST /admin/jobs/{name}/run`.
pub(super) async fn run(
    State(context): State<Context>,
    Extension(control): Control,
    admin: Admin,
    Address(name): Address<String>,
) -> Result<Response, PageError> {
    let queued = run_command(&control, &context, admin, &name, JobCommand::Run).await?;
    let notice = match queued {
        0 => "A run is already queued",
        _ => "Run queued. It starts in a moment, or when the job is resumed.",
    };
    Ok(to_job(&name, notice))
}

/// The fields of the form that pauses a job.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Pause {
    reason: String,
}

/// `POST /admin/jobs/{name}/pause`.
pub(super) async fn pause(
    State(context): State<Context>,
    Extension(control): Control,
    Admin(viewer): Admin,
    Address(name): Address<String>,
    Filled(pause, form): Filled<Pause>,
) -> Result<Response, PageError> {
    let command = JobCommand::Pause(pause.reason);
    let paused = control.run(&context, viewer.actor(), &name, command).await;
    let error = match paused.map_err(WebError::from) {
        Ok(_) => {
            let notice =
                format!("{} paused. This takes effect within five seconds.", in_words(&name));
            return Ok(redirect("/admin/jobs", &notice));
        }
        // An unknown job is a missing page, not an error of the form.
        Err(WebError::Refused(problem)) if problem.kind == ProblemKind::NotFound => {
            return Err(problem.into());
        }
        Err(error) => error,
    };
    let is_schedule = control.one(&context, &name).await.is_ok();
    let again = async |form| {
        if is_schedule {
            render_one(&context, &control, &name, form).await
        } else {
            render_list(&context, &control, form, name.clone()).await
        }
    };
    form.refused(error, again).await
}

/// `POST /admin/jobs/{name}/resume`.
pub(super) async fn resume(
    State(context): State<Context>,
    Extension(control): Control,
    admin: Admin,
    Address(name): Address<String>,
) -> Result<Response, PageError> {
    run_command(&control, &context, admin, &name, JobCommand::Resume).await?;
    let notice = format!("{} resumed. This takes effect within five seconds.", in_words(&name));
    Ok(redirect("/admin/jobs", &notice))
}

/// `POST /admin/jobs/{name}/retry-dead`.
pub(super) async fn retry_dead(
    State(context): State<Context>,
    Extension(control): Control,
    admin: Admin,
    Address(name): Address<String>,
) -> Result<Response, PageError> {
    run_command(&control, &context, admin, &name, JobCommand::RetryDead).await?;
    Ok(to_job(&name, "Failed runs queued again"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_about_three_digits() {
        let durations = [0, 999, 1_000, 12_540, 119_999, 120_000, 86_400_000].map(duration);
        let expected = ["0 ms", "999 ms", "1.0 s", "12.5 s", "119.9 s", "2 min", "1,440 min"];
        assert_eq!(durations, expected);
    }
}
