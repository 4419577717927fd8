//! The API of discovery.

mod analytics;
mod claims;
mod feedback;
mod matches;
mod opportunities;
mod preferences;
mod repositories;
mod views;
mod watches;

use axum::middleware::from_fn_with_state;
use platform::{Context, flags};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::FLAG;

/// Returns the routes of this module.
pub fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(opportunities::list))
        .routes(routes!(opportunities::get))
        .routes(routes!(matches::list))
        .routes(routes!(analytics::contributions))
        .merge(claims::routes())
        .merge(feedback::routes())
        .merge(preferences::routes())
        .merge(repositories::routes())
        .merge(watches::routes())
        .layer(from_fn_with_state(FLAG, flags::hide))
}
