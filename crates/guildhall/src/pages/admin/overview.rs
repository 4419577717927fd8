//! The work of an admin in all modules, stuck things first, and below it each failure and the checks.

use askama::Template;
use axum::{Extension, extract::State, http::Extensions};
use github::reads::{DeliveryFilter, DeliveryState, DeliveryView, find_deliveries};
use identity::{
    access::Admin,
    rules::{heading, lede},
};
use kernel::{Timestamp, in_words};
use notifications::reads::messages::{self, MessageLine};
use platform::{
    Context,
    alerts::{self, Alert},
    jobs::{FailedJob, failed_jobs},
    module::Audience,
    outbox::search,
    web::WebError,
    work::{Due, KeptWork, Task},
};
use ui::{
    PageResult, TaskView, WorkRows,
    format::{Instant, Number, segment},
    show,
};

use super::server::{Row as Check, by_urgency};
use crate::health::{Finding, FindingState, Watch};

/// The maximum number of tasks on the page.
const TASKS: usize = 30;
/// The maximum number of rows of a section.
const ROWS: usize = 10;
/// The label of a button that repeats one failure.
const RETRY: &str = "Retry";

/// The tasks that are stuck, or of which a part of the time is left.
struct Part {
    id: &'static str,
    label: &'static str,
    /// The number of all of them, also of those that the page leaves out.
    count: usize,
    list: WorkRows,
}

/// Parts tasks, which come in the order of their urgency, by the time that is left.
fn parted(tasks: &[Task], now: Timestamp) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (place, task) in tasks.iter().enumerate() {
        let due = Due::of(task, now);
        if parts.last().is_none_or(|last| last.id != due.code()) {
            let list = WorkRows { rows: Vec::new(), has_next: false };
            parts.push(Part { id: due.code(), label: due.label(), count: 0, list });
        }
        if let Some(last) = parts.last_mut() {
            last.count += 1;
            last.list.rows.extend((place < TASKS).then(|| TaskView::of(task, now)));
        }
    }
    parts.retain(|part| !part.list.rows.is_empty());
    parts
}

/// A failure, with the page that explains it.
struct Failure {
    address: String,
    name: String,
    /// The repository, the recipient, or the number of attempts or failed runs.
    place: String,
    error: String,
    at: Instant,
    /// The path of the form that repeats it.
    again: String,
    /// The label of that form's button.
    button: &'static str,
}

impl From<DeliveryView> for Failure {
    fn from(view: DeliveryView) -> Self {
        let address = format!("/admin/deliveries/{}", segment(&view.delivery_id));
        Self {
            name: view.in_words(),
            place: view.repository.unwrap_or_else(|| "–".to_owned()),
            error: view.last_error.unwrap_or_default(),
            at: Instant(view.received_at),
            again: format!("{address}/retry"),
            button: RETRY,
            address,
        }
    }
}

impl From<FailedJob> for Failure {
    fn from(job: FailedJob) -> Self {
        let run = job.newest;
        let address = format!("/admin/jobs/{}", segment(&run.name));
        let attempts = Number(run.attempts).of("attempt", "attempts");
        let (again, button) =
            if job.has_dead { ("retry-dead", "Retry all failed runs") } else { ("run", "Run now") };
        Self {
            place: match (job.count, job.has_dead) {
                (1, true) => format!("failed after {attempts}"),
                (1, false) => format!("{attempts}; will be retried automatically"),
                (count, _) => Number(count).of("failed run", "failed runs"),
            },
            error: run.last_error.unwrap_or_default(),
            at: Instant(run.created_at),
            again: format!("{address}/{again}"),
            button,
            name: in_words(&run.name),
            address,
        }
    }
}

impl From<MessageLine> for Failure {
    fn from(MessageLine { sent, recipient }: MessageLine) -> Self {
        Self {
            address: "/admin/notifications?state=dead".to_owned(),
            name: in_words(&sent.kind),
            place: recipient,
            error: sent.last_error.unwrap_or_default(),
            at: Instant(sent.created_at),
            again: format!("/admin/notifications/{}/retry", sent.id),
            button: RETRY,
        }
    }
}

struct FailureSection {
    id: &'static str,
    heading: &'static str,
    column: &'static str,
    /// The page that lists all of them.
    all: &'static str,
    rows: Vec<Failure>,
    /// True when there are more than the rows.
    has_more: bool,
}

impl FailureSection {
    /// Keeps the latest rows.
    fn cut(mut self) -> Self {
        self.has_more = self.rows.len() > ROWS;
        self.rows.truncate(ROWS);
        self
    }
}

/// The results of all checks.
struct Checks {
    problems: Vec<Check>,
    /// The checks that passed, and those about something that is not set up.
    others: Vec<Check>,
    /// Names the others.
    says: String,
}

impl Checks {
    fn of(findings: Vec<Finding>) -> Self {
        let named = |(state, word): (FindingState, &str)| {
            let own = findings.iter().filter(|it| it.state == state);
            let names: Vec<_> = own.map(|it| it.check.replace('_', " ")).collect();
            (!names.is_empty()).then(|| format!("{word}: {}", names.join(", ")))
        };
        let parts = [
            (FindingState::Ok, "Fine"),
            (FindingState::Unchecked, "Not checked yet"),
            (FindingState::NotSetUp, "Not set up"),
        ];
        let says = parts.into_iter().filter_map(named).collect::<Vec<_>>().join(". ");
        let (passed, failed): (Vec<_>, Vec<_>) = findings.into_iter().partition(|it| it.is_ok);
        Self { problems: by_urgency(failed), others: by_urgency(passed), says }
    }
}

#[derive(Template)]
#[template(path = "admin_overview.html")]
struct OverviewPage {
    /// The newest ongoing alert, or how much is late, or the most urgent task, in a sentence.
    says: String,
    lede: String,
    /// The ongoing alerts, newest first.
    alerts: Vec<Alert>,
    waiting: Vec<Part>,
    /// The number of tasks that the page leaves out.
    more: Number,
    sections: Vec<FailureSection>,
    checks: Checks,
    now: Instant,
}

/// `GET /admin/overview`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(watch): Extension<Watch>,
    _: Admin,
    extensions: Extensions,
) -> PageResult {
    let now = context.now();
    let work = extensions.get::<KeptWork>().cloned().unwrap_or_default();
    let is_theirs = |task: &&Task| task.kind.audience >= Audience::Moderators;
    let tasks: Vec<Task> = work.tasks.iter().filter(is_theirs).cloned().collect();
    let late = tasks.iter().filter(|task| task.is_late(now));
    let late: Vec<_> = late.map(|task| (task.kind.one, task.kind.label)).collect();
    let waits = tasks.first().map_or("Nothing waits for an admin", |task| task.kind.waits);
    let more = tasks.len().saturating_sub(TASKS);
    let mut alerts = alerts::latest(&context.db, ROWS as i64).await?;
    alerts.retain(|alert| alert.resolved_at.is_none());
    let alarm = alerts.first().map(|alert| alert.title.clone());
    show(&OverviewPage {
        says: alarm.unwrap_or_else(|| heading(&late, waits)),
        alerts,
        lede: match tasks.len() {
            0 => "Reports, appeals, approvals and failures of all programs appear here.".to_owned(),
            all => lede(late.len(), all, 0),
        },
        waiting: parted(&tasks, now),
        more: Number(i64::try_from(more).unwrap_or(i64::MAX)),
        sections: sections(&context).await?,
        checks: Checks::of(watch.findings(&context).await),
        now: Instant(now),
    })
}

async fn sections(context: &Context) -> Result<Vec<FailureSection>, WebError> {
    let (db, limit) = (&context.db, ROWS as i64 + 1);
    let dead = DeliveryFilter { state: Some(DeliveryState::Dead), ..DeliveryFilter::default() };
    let deliveries = find_deliveries(db, &dead, limit).await?;
    let jobs = failed_jobs(db).await?;
    let filter = search::Filter { state: Some(search::State::Dead), ..search::Filter::default() };
    let lines = messages::lines(context, &filter, limit).await?;
    let sections = [
        FailureSection {
            id: "deliveries",
            heading: "Failed deliveries",
            column: "Event and repository",
            all: "/admin/deliveries?state=dead",
            rows: deliveries.into_iter().map(Into::into).collect(),
            has_more: false,
        },
        FailureSection {
            id: "jobs",
            heading: "Failed jobs",
            column: "Job",
            all: "/admin/jobs",
            rows: jobs.into_iter().map(Into::into).collect(),
            has_more: false,
        },
        FailureSection {
            id: "messages",
            heading: "Messages that were not sent",
            column: "Message and recipient",
            all: "/admin/notifications?state=dead",
            rows: lines.into_iter().map(Into::into).collect(),
            has_more: false,
        },
    ];
    Ok(sections.map(FailureSection::cut).into())
}
