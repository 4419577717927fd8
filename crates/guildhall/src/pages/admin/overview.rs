//! Everything that needs an admin: failed deliveries, jobs and messages, ongoing alerts, and checks that failed.

use askama::Template;
use axum::{Extension, extract::State};
use github::reads::{DeliveryFilter, DeliveryState, DeliveryView, find_deliveries};
use identity::access::Admin;
use notifications::reads::messages::{self, MessageLine};
use platform::{
    Context,
    alerts::{self, Alert},
    jobs::{FailedJob, failed_jobs},
    outbox::search,
    web::WebError,
};
use ui::{
    PageResult,
    format::{Instant, Number, segment},
    show,
};

use super::server::{Row as Check, by_urgency};
use crate::health::Watch;

/// The maximum number of rows of a section.
const ROWS: usize = 10;
/// The label of a button that repeats one failure.
const RETRY: &str = "Retry";

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
            name: match &view.action {
                Some(action) => format!("{}.{action}", view.event),
                None => view.event,
            },
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
            name: run.name,
            address,
        }
    }
}

impl From<MessageLine> for Failure {
    fn from(MessageLine { sent, recipient }: MessageLine) -> Self {
        Self {
            address: "/admin/notifications?state=dead".to_owned(),
            name: sent.kind,
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

struct Ongoing {
    title: String,
    detail: String,
    link: String,
    began: Instant,
}

impl From<Alert> for Ongoing {
    fn from(alert: Alert) -> Self {
        Self {
            title: alert.title,
            detail: alert.detail,
            link: alert.link,
            began: Instant(alert.created_at),
        }
    }
}

#[derive(Template)]
#[template(path = "admin_overview.html")]
struct OverviewPage {
    sections: Vec<FailureSection>,
    alerts: Vec<Ongoing>,
    has_more_alerts: bool,
    problems: Vec<Check>,
    /// The number of checks that passed, and of those about something that is not set up.
    passed: Number,
    absent: Number,
    now: Instant,
}

impl OverviewPage {
    fn is_quiet(&self) -> bool {
        let has_failures = self.sections.iter().any(|section| !section.rows.is_empty());
        !has_failures && self.alerts.is_empty() && self.problems.is_empty()
    }
}

/// `GET /admin/overview`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(watch): Extension<Watch>,
    _: Admin,
) -> PageResult {
    let found = alerts::latest(&context.db, ROWS as i64 + 1).await?;
    let ongoing = found.into_iter().filter(|alert| alert.resolved_at.is_none());
    let mut alerts: Vec<Ongoing> = ongoing.map(Into::into).collect();
    let has_more_alerts = alerts.len() > ROWS;
    alerts.truncate(ROWS);
    let findings = watch.findings(&context).await;
    let absent = findings.iter().filter(|finding| !finding.is_set_up).count();
    let (passed, failed): (Vec<_>, Vec<_>) =
        findings.into_iter().partition(|finding| finding.is_ok);
    let number = |count: usize| Number(i64::try_from(count).unwrap_or(i64::MAX));
    show(&OverviewPage {
        sections: sections(&context).await?,
        alerts,
        has_more_alerts,
        problems: by_urgency(failed),
        passed: number(passed.len() - absent),
        absent: number(absent),
        now: Instant(context.now()),
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
