//! The report card of a competitor.

mod card;
mod insights;
mod page;
mod solves;
mod timeline;

use axum::{Router, routing::get};
use platform::Context;

/// Returns the routes.
pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/ctf/competitors/{competitor}", get(page::page))
        .route("/ctf/competitors/{competitor}/solves.csv", get(page::csv))
        .route("/ctf/me/report", get(page::own))
        .route("/ctf/me/report/solves.csv", get(page::own_csv))
}
