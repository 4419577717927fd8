//! Server-rendered pages: plain HTML without scripts, one stylesheet, the same sentences as the API.

mod assets;
mod board;
mod cause;
mod error;
mod extract;
mod format;
mod home;
mod layout;
mod leaderboards;
mod people;
mod projects;
mod pull_requests;
mod reckoning;
mod words;

use axum::{Router, middleware::from_fn, routing::get};
use platform::Context;

pub use error::{PageError, not_found};

/// Routes of the pages.
pub fn routes() -> Router<Context> {
    let pages = Router::new()
        .route("/", get(home::home))
        .route("/projects", get(projects::projects))
        .route("/projects/{slug}", get(projects::project))
        .route("/leaderboards", get(leaderboards::global))
        .route("/leaderboards/months/{month}", get(leaderboards::month))
        .route("/leaderboards/projects/{slug}", get(leaderboards::project))
        .route("/people/{login}", get(people::person))
        .route(
            "/pull-requests/{owner}/{repository}/{number}",
            get(pull_requests::pull_request),
        )
        .layer(from_fn(layout::dress));
    pages.route("/assets/{file}", get(assets::asset))
}
