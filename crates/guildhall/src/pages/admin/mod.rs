//! The admin pages, for admins and moderators.

mod audit;
mod flags;
mod jobs;
mod overview;
mod person_log;
mod server;

use axum::{
    Router,
    response::Redirect,
    routing::{get, post},
};
use identity::{access::Moderator, model::Role};
use platform::Context;

pub(crate) use person_log::PANELS;

pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/admin", get(home))
        .route("/admin/overview", get(overview::page))
        .route("/admin/jobs", get(jobs::list))
        .route("/admin/jobs/{name}", get(jobs::show_one))
        .route("/admin/jobs/{name}/run", post(jobs::run))
        .route("/admin/jobs/{name}/pause", post(jobs::pause))
        .route("/admin/jobs/{name}/resume", post(jobs::resume))
        .route("/admin/jobs/{name}/retry-dead", post(jobs::retry_dead))
        .route("/admin/audit", get(audit::list))
        .route("/admin/audit/log.csv", get(audit::csv))
        .route("/admin/audit/log.jsonl", get(audit::jsonl))
        .route("/admin/health", get(server::health))
        .route("/admin/settings", get(server::settings))
        .route("/admin/flags", get(flags::list))
        .route("/admin/flags/{name}", post(flags::change))
}

/// `GET /admin`: redirects to the first tab that the viewer may open.
async fn home(Moderator(viewer): Moderator) -> Redirect {
    Redirect::to(match viewer.role {
        Role::Admin => "/admin/overview",
        _ => "/admin/people",
    })
}
