use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use identity::access::Admin;
use platform::{
    Context,
    jobs::{self, Run},
};
use ui::{
    PageError, PageResult,
    format::{Instant, Number},
    show,
};

use super::super::words::Tag;
use recognition::jobs::VERIFICATION;

/// Checks that are listed.
const CHECKS_SHOWN: i64 = 20;

struct Check {
    planned: Instant,
    state: Tag,
    attempts: Number,
    ended: Option<Instant>,
    found: String,
}

impl From<Run> for Check {
    fn from(run: Run) -> Self {
        let state = match (run.completed_at, run.dead_at, &run.last_error) {
            (Some(_), ..) => Tag {
                class: "t-vert solid",
                word: "Agrees",
            },
            (None, Some(_), _) => Tag {
                class: "t-gules",
                word: "Failed",
            },
            (None, None, Some(_)) => Tag {
                class: "t-gules",
                word: "Failed, tried again",
            },
            (None, None, None) => Tag {
                class: "t-azure",
                word: "Waiting",
            },
        };
        Self {
            planned: Instant(run.created_at),
            state,
            attempts: Number(run.attempts),
            ended: run.completed_at.or(run.dead_at).map(Instant),
            found: run.last_error.or(run.outcome).unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "admin_ledger.html")]
struct LedgerPage {
    checks: Vec<Check>,
    is_waiting: bool,
}

/// `GET /admin/ledger`.
pub(super) async fn show_checks(State(context): State<Context>, _: Admin) -> PageResult {
    let runs = jobs::runs(&context.db, VERIFICATION, CHECKS_SHOWN).await?;
    show(&LedgerPage {
        is_waiting: runs.iter().any(|run| run.due_at.is_some()),
        checks: runs.into_iter().map(Into::into).collect(),
    })
}

/// `POST /admin/ledger/verify`: while a check waits or runs, that one answers.
pub(super) async fn verify(
    State(context): State<Context>,
    Admin(viewer): Admin,
) -> Result<Response, PageError> {
    jobs::ask(&context, viewer.actor(), VERIFICATION).await?;
    Ok(Redirect::to("/admin/ledger").into_response())
}
