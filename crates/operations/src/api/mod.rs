//! The API for admins.

mod costs;
mod feedback;
mod slow;
mod usage;

use platform::Context;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Returns the routes with their descriptions.
pub(crate) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(costs::costs))
        .routes(routes!(feedback::feedback))
        .routes(routes!(slow::slow))
        .routes(routes!(usage::usage))
}
