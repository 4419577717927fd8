//! Admin pages of the webhook inbox.

mod deliveries;

use axum::{
    Router,
    routing::{get, post},
};
use platform::Context;

/// Returns the routes of the pages.
pub(crate) fn routes() -> Router<Context> {
    Router::new()
        .route("/admin/deliveries", get(deliveries::list))
        .route("/admin/deliveries/retry-dead", post(deliveries::retry_dead))
        .route("/admin/deliveries/{id}", get(deliveries::show_one))
        .route("/admin/deliveries/{id}/retry", post(deliveries::retry))
}
