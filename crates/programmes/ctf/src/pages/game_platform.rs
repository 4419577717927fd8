//! The page of the sync with the game platform, for admins.

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use identity::access::Admin;
use platform::{Context, web::WebError};
use ui::{
    Address, PageError, PageResult,
    format::{Instant, Number},
    redirect, show,
};
use uuid::Uuid;

use crate::{
    actions::{self, Preflight},
    gateway::Platforms,
    model::SyncRunId,
    reads::{self, FailureKind, SyncFailure, SyncRunView, SyncStates},
    rules::{
        left_out::{LeaveOutReason, reasons},
        runs::{RunScope, Trigger},
    },
};

const PAGE: &str = "/admin/game-platform";

/// The number of runs in the list.
const RUNS: i64 = 25;

/// The number of failures in the list of a run.
const FAILURES: i64 = 200;

#[derive(Template)]
#[template(path = "game_platform.html")]
struct PlatformPage {
    /// The switch that holds the integration back; `None` if it is on for everyone.
    held_back: Option<String>,
    /// True if the integration is on for anyone.
    is_on: bool,
    states: SyncStates,
    calls: Number,
    running: Option<SyncRunView>,
    runs: Vec<SyncRunView>,
    now: Instant,
}

/// `GET /admin/game-platform`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    _: Admin,
) -> PageResult {
    let (db, now) = (&context.db, context.now());
    show(&PlatformPage {
        held_back: platforms.held_back(&context, &[]),
        is_on: platforms.is_enabled(&context),
        states: reads::sync_states(db).await?,
        calls: Number(reads::calls_of_day(db, now).await?),
        running: reads::running_sync(db).await?,
        runs: reads::sync_runs(db, RUNS).await?,
        now: Instant(now),
    })
}

/// `POST /admin/game-platform/sync`.
pub(super) async fn sync(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    Admin(viewer): Admin,
) -> Result<Response, PageError> {
    actions::integration_on(&context, &platforms)?;
    let actor = Some(viewer.actor());
    let requested = actions::request_sync(&context, actor, Trigger::Admin, RunScope::All).await;
    let requested = requested.map_err(WebError::from)?;
    let said = if requested.is_new {
        "The sync has been requested"
    } else {
        "A sync of everyone is in progress or already waiting"
    };
    Ok(redirect(&run_page(requested.run), said))
}

/// `POST /admin/game-platform/retry`.
pub(super) async fn retry(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    Admin(viewer): Admin,
) -> Result<Response, PageError> {
    actions::integration_on(&context, &platforms)?;
    let actor = Some(viewer.actor());
    let requested = actions::request_sync(&context, actor, Trigger::Retry, RunScope::Failed).await;
    let requested = requested.map_err(WebError::from)?;
    let said = "Everyone whose last sync failed is tried again";
    Ok(redirect(&run_page(requested.run), said))
}

fn run_page(run: SyncRunId) -> String {
    format!("{PAGE}/runs/{run}")
}

#[derive(Template)]
#[template(path = "game_platform_preflight.html")]
struct PreflightPage {
    found: Preflight,
    reasons: Vec<LeaveOutReason>,
}

/// `GET /admin/game-platform/preflight`: what a sync would do. Nothing is asked, and only the read is recorded.
pub(super) async fn preflight(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    Admin(viewer): Admin,
) -> PageResult {
    let found = actions::preflight(&context, &platforms, RunScope::All).await?;
    let mut reasons = reasons(&found.left);
    let listed = reasons.iter().flat_map(|reason| &reason.competitors);
    let listed: Vec<Uuid> = listed.map(|(id, _)| *id).collect();
    actions::note_preflight_read(&context, viewer.actor(), &listed).await?;
    let names = reads::competitor_names(&context.db, listed).await?;
    for (id, name) in reasons.iter_mut().flat_map(|it| &mut it.competitors) {
        *name = names.get(id).cloned().unwrap_or_default();
    }
    show(&PreflightPage { found, reasons })
}

#[derive(Template)]
#[template(path = "game_platform_run.html")]
struct RunPage {
    run: SyncRunView,
    kinds: Vec<FailureKind>,
    failures: Vec<SyncFailure>,
    now: Instant,
}

/// `GET /admin/game-platform/runs/{run}`. The read of those who failed is recorded.
pub(super) async fn run(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(run): Address<Uuid>,
) -> PageResult {
    let (db, id) = (&context.db, SyncRunId::new(run));
    let found = reads::sync_run(db, id).await?;
    let unknown =
        || kernel::Problem::not_found("Unknown run. See the last runs at /admin/game-platform.");
    let found = found.ok_or_else(unknown)?;
    let failures = reads::sync_failures(db, id, FAILURES).await?;
    let named: Vec<Uuid> = failures.iter().map(|it| it.competitor_id).collect();
    actions::note_run_read(&context, viewer.actor(), id, &named).await?;
    show(&RunPage {
        run: found,
        kinds: reads::failure_kinds(db, id).await?,
        failures,
        now: Instant(context.now()),
    })
}
