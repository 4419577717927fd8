//! The report card of a competitor.

mod card;
mod discrepancy;
mod insights;
mod page;
mod solves;
mod timeline;

use axum::{
    Router,
    routing::{get, post},
};
use platform::Context;

pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/ctf/competitors/{competitor}", get(page::page))
        .route("/ctf/competitors/{competitor}/discrepancy", post(discrepancy::report))
        .route("/ctf/competitors/{competitor}/solves.csv", get(page::csv))
        .route("/ctf/me/report", get(page::own))
        .route("/ctf/me/report/discrepancy", post(discrepancy::report_own))
        .route("/ctf/me/report/solves.csv", get(page::own_csv))
}
