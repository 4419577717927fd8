//! Pages of projects, rules, maintainers, repositories and pull requests with the explanation of their points, and panels
//! of them on other pages.

mod calculation;
mod cause;
mod change;
mod evidence;
mod feed;
mod maintainers;
mod panels;
mod people;
mod projects;
mod pull_requests;
mod pulls;
mod repositories;
mod rule_guide;
mod rule_words;
mod rules;
mod rules_edit;
mod rules_effect;
mod rules_form;
mod search;
mod state;

use axum::{
    Router,
    routing::{get, post},
};
use platform::Context;

pub use calculation::{Calculation, Group, Line, Note};
pub use cause::cause;
pub(crate) use panels::PANELS;
pub(crate) use rule_words::stated_rules;

/// The pages on which maintainers manage a project: the last part of the path, and the label.
const MANAGED: [(&str, &str); 4] = [
    ("maintainers", "Maintainers"),
    ("repositories", "Repositories"),
    ("rules/edit", "Rules"),
    ("edit", "Edit"),
];

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
            "/projects/{slug}/rules/edit",
            get(rules_edit::edit).post(rules_edit::check),
        )
        .route("/projects/{slug}/rules/publish", post(rules_edit::publish))
        .route(
            "/projects/{slug}/maintainers",
            get(maintainers::list).post(maintainers::add),
        )
        .route(
            "/projects/{slug}/maintainers/{login}/remove",
            get(maintainers::ask_to_remove).post(maintainers::remove),
        )
        .route("/projects/{slug}/repositories", get(repositories::list))
        .route(
            "/projects/{slug}/repositories/{github_id}/remove",
            get(repositories::ask_to_remove).post(repositories::remove),
        )
        .route(
            "/projects/{slug}/repositories/{github_id}/sync",
            post(repositories::sync),
        )
        .route(
            "/projects/{slug}/edit",
            get(change::edit).post(change::save),
        )
        .route(
            "/projects/{slug}/archive",
            get(change::ask_to_archive).post(change::archive),
        )
        .route("/projects/{slug}/unarchive", post(change::unarchive))
        .route(
            "/pull-requests/{owner}/{repository}/{number}",
            get(pull_requests::pull_request),
        )
        .route(
            "/pull-requests/{owner}/{repository}/{number}/ledger.csv",
            get(pull_requests::ledger_csv),
        )
}
