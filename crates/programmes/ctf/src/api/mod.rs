//! The API of rosters, and of the sync with the game platform.

mod import;
mod sync;
mod sync_request;

use axum::middleware::from_fn_with_state;
use platform::{Context, flags};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::FLAG;

pub fn routes() -> OpenApiRouter<Context> {
    // The sync is requested by the server's secret, too: it is for no single person, so it asks for the flag itself.
    OpenApiRouter::default()
        .routes(routes!(import::import))
        .layer(from_fn_with_state(FLAG, flags::hide))
        .routes(routes!(sync::sync))
}
