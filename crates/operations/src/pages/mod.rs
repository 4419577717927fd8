//! Pages for admins, and the form for feedback.

mod backups;
mod costs;
mod feedback;
mod maintenance;
mod numbers;
mod slow;

use axum::{
    Router,
    routing::{get, post},
};
use platform::Context;

pub(crate) use backups::Plan;

/// Returns the routes of the pages.
pub(crate) fn routes() -> Router<Context> {
    Router::new()
        .route("/admin/backups", get(backups::page).post(backups::make))
        .route("/admin/costs", get(costs::page))
        .route("/admin/maintenance", get(maintenance::page).post(maintenance::change))
        .route("/admin/slow", get(slow::page))
        .route("/admin/use", get(numbers::page))
        .route("/admin/use/{file}", get(numbers::file))
        .route("/feedback", get(feedback::page).post(feedback::send))
        .route("/admin/feedback", get(feedback::list))
        .route("/admin/feedback/{id}/answer", post(feedback::answer))
}
