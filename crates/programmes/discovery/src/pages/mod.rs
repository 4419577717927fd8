//! The pages of discovery.

mod claim_panels;
mod claims;

use axum::Router;
use platform::Context;

pub(crate) use claim_panels::PANELS;

/// Returns the routes.
pub(crate) fn routes() -> Router<Context> {
    claims::routes()
}
