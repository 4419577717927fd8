//! The API of rosters, and of the sync with the game platform.

mod import;
mod sync;
mod sync_request;

use platform::Context;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default().routes(routes!(sync::sync)).routes(routes!(import::import))
}
