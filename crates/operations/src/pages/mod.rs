//! Pages for admins.

mod backups;
mod costs;
mod numbers;
mod slow;

use axum::{Router, routing::get};
use platform::Context;

pub(crate) use backups::Plan;

/// Returns the routes of the pages.
pub(crate) fn routes() -> Router<Context> {
    Router::new()
        .route("/admin/backups", get(backups::page).post(backups::make))
        .route("/admin/costs", get(costs::page))
        .route("/admin/slow", get(slow::page))
        .route("/admin/use", get(numbers::page))
        .route("/admin/use/{file}", get(numbers::file))
}
