//! The API of discovery.

mod claims;

use platform::Context;
use utoipa_axum::router::OpenApiRouter;

/// Returns the routes of this module.
pub fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default().merge(claims::routes())
}
