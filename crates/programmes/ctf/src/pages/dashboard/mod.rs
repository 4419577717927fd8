//! The dashboard of a roster.

mod alerts;
mod domains;
mod members;
mod momentum;
mod page;
mod plotted;
pub(super) mod radar;
mod rating;
mod support;
mod table;

use axum::{
    Router,
    routing::{get, post},
};
use platform::Context;

pub(super) use domains::{compared, domain_name, said};
pub(super) use plotted::plotted;

pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/ctf/rosters/{roster}", get(page::page))
        .route("/ctf/rosters/{roster}/dashboard.csv", get(page::csv))
        .route("/ctf/rosters/{roster}/rating", post(rating::rate))
}
