//! The page of the sync with the game platform, for admins.

use std::collections::HashMap;

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
    rules::runs::{Scope, Trigger},
};

/// The address of the page.
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
    let requested = actions::request_sync(&context, actor, Trigger::Admin, Scope::All).await;
    let requested = requested.map_err(WebError::from)?;
    let said = match requested.is_new {
        true => "The sync has been requested",
        false => "A sync of everyone is in progress or waits already",
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
    let requested = actions::request_sync(&context, actor, Trigger::Retry, Scope::Failed).await;
    let requested = requested.map_err(WebError::from)?;
    let said = "Everyone whose last sync failed is tried again";
    Ok(redirect(&run_page(requested.run), said))
}

fn run_page(run: SyncRunId) -> String {
    format!("{PAGE}/runs/{run}")
}

/// Competitors whom a run would leave out for one reason.
struct Reason {
    message: String,
    fails: bool,
    competitors: Vec<(Uuid, String)>,
}

#[derive(Template)]
#[template(path = "game_platform_preflight.html")]
struct PreflightPage {
    found: Preflight,
    reasons: Vec<Reason>,
}

/// `GET /admin/game-platform/preflight`: what a sync would do. Nothing is asked and nothing is written.
pub(super) async fn preflight(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    _: Admin,
) -> PageResult {
    let found = actions::preflight(&context, &platforms, Scope::All).await?;
    let ids = found.left.iter().map(|left| left.competitor.0);
    let names: HashMap<Uuid, String> = reads::competitor_names(&context.db, ids).await?;
    let mut reasons: Vec<Reason> = Vec::new();
    for left in &found.left {
        let id = left.competitor.0;
        let person = (id, names.get(&id).cloned().unwrap_or_default());
        match reasons
            .iter_mut()
            .find(|reason| reason.message == left.message)
        {
            Some(reason) => reason.competitors.push(person),
            None => reasons.push(Reason {
                message: left.message.clone(),
                fails: left.fails,
                competitors: vec![person],
            }),
        }
    }
    reasons.sort_by_key(|reason| (!reason.fails, std::cmp::Reverse(reason.competitors.len())));
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

/// `GET /admin/game-platform/runs/{run}`.
pub(super) async fn run(
    State(context): State<Context>,
    _: Admin,
    Address(run): Address<Uuid>,
) -> PageResult {
    let (db, id) = (&context.db, SyncRunId::new(run));
    let found = reads::sync_run(db, id).await?;
    let unknown =
        || kernel::Problem::not_found("Unknown run. See the last runs at /admin/game-platform.");
    show(&RunPage {
        run: found.ok_or_else(unknown)?,
        kinds: reads::failure_kinds(db, id).await?,
        failures: reads::sync_failures(db, id, FAILURES).await?,
        now: Instant(context.now()),
    })
}
