//! The page of the rollout of the game platform, for admins.

mod cohort;
mod goals;
mod page;
mod status;

use axum::{
    Router,
    routing::{get, post},
};
use platform::Context;

pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/admin/game-platform/discrepancies/{discrepancy}/resolve", post(page::resolve))
        .route("/admin/game-platform/rollout", get(page::page))
        .route("/admin/game-platform/tickets", post(page::tickets))
}
