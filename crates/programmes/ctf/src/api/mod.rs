//! The API of the sync with the game platform.

mod sync;
mod sync_request;

use platform::Context;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default().routes(routes!(sync::sync))
}
