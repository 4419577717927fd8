//! Server-rendered pages.

use axum::Router;
use platform::Context;

/// Routes of the pages.
pub fn routes() -> Router<Context> {
    Router::new()
}
