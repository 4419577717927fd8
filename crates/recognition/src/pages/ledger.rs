use askama::Template;
use axum::{extract::State, response::Response};
use identity::access::Admin;
use platform::{
    Context,
    jobs::{self, ScheduledRun},
};
use ui::{
    PageError, PageResult, Tag,
    format::{Instant, Number},
    redirect, show,
};

use crate::jobs::{CHECKS_SHOWN, VERIFICATION};

struct Check {
    planned: Instant,
    state: Tag,
    attempts: Number,
    ended: Option<Instant>,
    result: String,
}

impl From<ScheduledRun> for Check {
    fn from(run: ScheduledRun) -> Self {
        let state = match (run.completed_at, run.dead_at, &run.last_error) {
            (Some(_), ..) => Tag { class: "t-vert solid", word: "Passed" },
            (None, Some(_), _) => Tag { class: "t-gules", word: "Failed" },
            (None, None, Some(_)) => Tag { class: "t-gules", word: "Failed, retrying" },
            (None, None, None) => Tag { class: "t-azure", word: "Queued" },
        };
        Self {
            planned: Instant(run.created_at),
            state,
            attempts: Number(run.attempts),
            ended: run.completed_at.or(run.dead_at).map(Instant),
            result: run.last_error.or(run.outcome).unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "ledger_checks.html")]
struct LedgerPage {
    checks: Vec<Check>,
    is_waiting: bool,
    now: Instant,
}

/// `GET /admin/ledger`.
pub(super) async fn page(State(context): State<Context>, _: Admin) -> PageResult {
    let runs = jobs::runs(&context.db, VERIFICATION, CHECKS_SHOWN).await?;
    show(&LedgerPage {
        is_waiting: runs.iter().any(|run| run.due_at.is_some()),
        checks: runs.into_iter().map(Into::into).collect(),
        now: Instant(context.now()),
    })
}

/// `POST /admin/ledger/verify`: queues a check, unless one is waiting or running.
pub(super) async fn verify(
    State(context): State<Context>,
    Admin(viewer): Admin,
) -> Result<Response, PageError> {
    let is_new = jobs::ask(&context, viewer.actor(), VERIFICATION).await?;
    let said = if is_new { "The check is queued" } else { "A check is already queued" };
    Ok(redirect("/admin/ledger", said))
}
