//! Pages of projects, rules, maintainers and pull requests with the explanation of their points, and panels
//! of them on other pages.

mod calculation;
mod cause;
mod evidence;
mod feed;
mod maintainers;
mod panels;
mod people;
mod projects;
mod pull_requests;
mod pulls;
mod rule_words;
mod rules;
mod search;
mod state;

use axum::{Router, routing::get};
use platform::Context;

pub use calculation::{Calculation, Group, Line, Note};
pub use cause::cause;
pub(crate) use panels::PANELS;

/// Returns the routes of the pages.
pub(crate) fn routes() -> Router<Context> {
    Router::new()
        .route("/people/{login}/pull-requests.csv", get(people::pulls_csv))
        .route("/projects", get(projects::projects))
        .route("/projects/{slug}", get(projects::project))
        .route(
            "/projects/{slug}/pull-requests.csv",
            get(projects::pulls_csv),
        )
        .route("/projects/{slug}/feed.atom", get(feed::project))
        .route("/projects/{slug}/rules", get(rules::rules))
        .route(
            "/projects/{slug}/maintainers",
            get(maintainers::list).post(maintainers::add),
        )
        .route(
            "/projects/{slug}/maintainers/{login}/remove",
            get(maintainers::ask_to_remove).post(maintainers::remove),
        )
        .route(
            "/pull-requests/{owner}/{repository}/{number}",
            get(pull_requests::pull_request),
        )
        .route(
            "/pull-requests/{owner}/{repository}/{number}/ledger.csv",
            get(pull_requests::ledger_csv),
        )
}
