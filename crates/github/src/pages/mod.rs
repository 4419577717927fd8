//! Pages: a person's own GitHub account, and the webhook inbox for admins.

mod deliveries;
mod own_account;

use axum::{
    Router,
    routing::{get, post},
};
use platform::Context;

/// Returns the routes of the pages.
pub(crate) fn routes() -> Router<Context> {
    Router::new()
        .route("/settings/identities/github", get(own_account::page).post(own_account::choose))
        .route("/settings/identities/github/check", post(own_account::check))
        .route("/admin/deliveries", get(deliveries::list))
        .route("/admin/deliveries/retry-dead", post(deliveries::retry_dead))
        .route("/admin/deliveries/{id}", get(deliveries::show_one))
        .route("/admin/deliveries/{id}/retry", post(deliveries::retry))
}
