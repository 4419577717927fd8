//! Pages of the module, for admins.

mod backups;

use axum::{Router, routing::get};
use platform::Context;

pub(crate) use backups::Plan;

/// Routes of the pages.
pub(crate) fn routes() -> Router<Context> {
    Router::new().route("/admin/backups", get(backups::page).post(backups::make))
}
