//! JSON that needs several modules at once, and the endpoints for operators.

mod audit;
mod codes;
mod document;
mod flags;
mod health;
mod jobs;
mod server;

use axum::routing::get;
use platform::{Context, probes};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use audit::AuditLogEntry;
pub(crate) use codes::PROBLEMS;
pub(crate) use jobs::JobList;

pub fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(flags::flags))
        .routes(routes!(audit::audit))
        .routes(routes!(server::health))
        .routes(routes!(server::settings))
        .routes(routes!(jobs::jobs))
        .routes(routes!(jobs::job))
        .routes(routes!(jobs::run))
        .routes(routes!(jobs::pause, jobs::resume))
        .routes(routes!(jobs::retry_dead))
        .routes(routes!(flags::flag, flags::change))
        .routes(routes!(document::openapi))
        .route("/api/health", get(health::health))
        .route("/livez", get(probes::live))
        .route("/readyz", get(probes::ready))
}
