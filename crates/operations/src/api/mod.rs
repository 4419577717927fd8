//! The API for admins.

mod costs;

use platform::Context;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Returns the routes with their descriptions.
pub(crate) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default().routes(routes!(costs::costs))
}
