//! Pages of projects, rules, maintainers, repositories and pull requests with the explanation of their points, and panels
//! of them on other pages.

mod activity;
mod analytics;
mod calculation;
mod cause;
mod change;
mod claims;
mod closings;
mod contributors;
mod disputes;
mod events;
mod evidence;
mod exclusions;
mod feed;
mod figures;
mod first_steps;
mod flags;
mod front;
mod front_words;
mod held;
mod life;
mod maintainers;
mod manage;
mod new_project;
mod on_person;
mod open_pulls;
mod open_steps;
mod overrides;
mod own_seasons;
mod panels;
mod paths;
mod people;
mod person_work;
mod projects;
mod pull_requests;
mod pulls;
mod queue;
mod register_repository;
mod rendered;
mod reports;
mod repositories;
mod repository_events;
mod review_panel;
mod reviews;
mod rule_guide;
mod rule_versions;
mod rules;
mod rules_edit;
mod rules_effect;
mod rules_form;
mod search;
pub(crate) mod seasons;
mod state;
mod transfer;
mod work_panel;
mod work_words;

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use platform::{Context, flags::hide};
use recognition::pages::routes_of;
use ui::{SideList, side::SidePart};

use crate::{FLAG, PROJECT_BOARDS, SEASON_BOARDS, SKILL_BOARDS};

pub(crate) use crate::rules::rule_words::stated_rules;
pub(crate) use analytics::TOP as TOP_CONTRIBUTORS;
pub use calculation::{AwardSum, Calculation, CalculationNote, SumLine};
pub use cause::{CurrentExplanations, cause};
pub(crate) use events::EVENTS;
pub(crate) use first_steps::FIRST_STEPS;
pub(crate) use front::{front, reviewers};
pub(crate) use panels::PANELS;
pub(crate) use search::SEARCH;

/// The pages on which maintainers manage a project: the last part of the path, and the label.
const MANAGED: [SidePart; 8] = [
    ("Work", "/reviews", "Reviews"),
    ("Work", "/claims", "Claims"),
    ("Figures", "/analytics", "Analytics"),
    ("Figures", "/contributors", "Contributors"),
    ("Project", "/maintainers", "Maintainers"),
    ("Project", "/repositories", "Repositories"),
    ("Project", "/rules/edit", "Rules"),
    ("Project", "/edit", "Edit"),
];

/// Returns the side list of a project's maintainers, on the page at an end of its address. It has no claims where no one finds
/// issues.
fn project_side(slug: &str, name: &str, part: &str) -> SideList {
    let address = format!("/projects/{slug}");
    let is_on = |(_, end, _): &SidePart| *end != "/claims" || ui::frame::has_link("/discover");
    let parts: Vec<SidePart> = MANAGED.into_iter().filter(is_on).collect();
    let list = SideList::of(name, &address, &parts, &format!("/{part}"));
    list.seen_at(&address, "See the project")
}

pub(crate) fn routes() -> Router<Context> {
    [&PROJECT_BOARDS, &SEASON_BOARDS, &SKILL_BOARDS]
        .into_iter()
        .fold(of_program(), |routes, family| routes.merge(routes_of(family)))
        .layer(from_fn_with_state(FLAG, hide))
        .merge(decisions())
}

/// Returns the pages on which people contest decisions, also bans.
fn decisions() -> Router<Context> {
    disputes::routes().route("/me/standing", get(held::held))
}

fn of_program() -> Router<Context> {
    Router::new()
        .route("/people/{login}/contributions.csv", get(activity::days_csv))
        .route("/people/{login}/skills.csv", get(activity::skills_csv))
        .route("/admin/fair-play", get(flags::list).post(flags::decide_many))
        .route("/admin/fair-play/{number}", get(flags::flag).post(flags::decide))
        .route("/admin/fair-play/{number}/reopen", post(flags::reopen))
        .route("/admin/fair-play/repositories", get(exclusions::list))
        .route("/admin/fair-play/repositories/{github_id}", get(exclusions::one))
        .route("/admin/fair-play/repositories/{github_id}/exclude", post(exclusions::exclude))
        .route("/admin/fair-play/repositories/{github_id}/include", post(exclusions::include))
        .route("/reports/new", get(reports::form))
        .route("/reports", post(reports::save))
        .route("/pull-requests/{owner}/{repository}/{number}/override", post(overrides::decide))
        .route("/pull-requests/{owner}/{repository}/{number}/override/lift", post(overrides::lift))
        .route("/people/{login}/pull-requests.csv", get(people::pulls_csv))
        .route("/projects", get(projects::projects))
        .route("/projects/new", get(new_project::blank).post(new_project::create))
        .route("/projects/{slug}", get(projects::project))
        .route("/projects/{slug}/pull-requests.csv", get(projects::pulls_csv))
        .route("/projects/{slug}/claims", get(claims::list))
        .route("/projects/{slug}/feed.atom", get(feed::project))
        .route("/projects/{slug}/rules", get(rules::rules))
        .route("/projects/{slug}/rules/edit", get(rules_edit::edit).post(rules_edit::check))
        .route("/projects/{slug}/rules/publish", post(rules_edit::publish))
        .route("/projects/{slug}/maintainers", get(maintainers::list).post(maintainers::add))
        .route(
            "/projects/{slug}/maintainers/{login}/remove",
            get(maintainers::ask_to_remove).post(maintainers::remove),
        )
        .route(
            "/projects/{slug}/maintainers/{login}/transfer",
            get(transfer::ask).post(transfer::transfer),
        )
        .route(
            "/projects/{slug}/repositories",
            get(repositories::list).post(register_repository::register),
        )
        .route("/projects/{slug}/repositories/events", get(repository_events::events))
        .route("/projects/{slug}/repositories/new", get(register_repository::list))
        .route("/projects/{slug}/repositories/named", post(register_repository::name))
        .route("/projects/{slug}/repositories/settings", post(register_repository::allow))
        .route(
            "/projects/{slug}/repositories/{github_id}/remove",
            get(repositories::ask_to_remove).post(repositories::remove),
        )
        .route("/projects/{slug}/repositories/{github_id}/pause", post(repositories::pause))
        .route("/projects/{slug}/repositories/{github_id}/archive", post(repositories::archive))
        .route("/projects/{slug}/repositories/{github_id}/resume", post(repositories::resume))
        .route("/projects/{slug}/repositories/{github_id}/sync", post(repositories::sync))
        .route("/projects/{slug}/repositories/{github_id}/webhook", post(repositories::update_hook))
        .route("/projects/{slug}/analytics", get(analytics::page))
        .route("/projects/{slug}/analytics.csv", get(analytics::csv))
        .route("/projects/{slug}/contributors", get(contributors::page))
        .route("/projects/{slug}/contributors.csv", get(contributors::csv))
        .route("/projects/{slug}/reviews", get(queue::of_project))
        .route("/reviews", get(queue::own))
        .route("/pull-requests/{owner}/{repository}/{number}/reviews", post(reviews::give))
        .route("/projects/{slug}/edit", get(change::edit).post(change::save))
        .route("/projects/{slug}/archive", get(change::ask_to_archive).post(change::archive))
        .route("/projects/{slug}/unarchive", post(change::unarchive))
        .route("/pull-requests/{owner}/{repository}/{number}", get(pull_requests::pull_request))
        .route(
            "/pull-requests/{owner}/{repository}/{number}/ledger.csv",
            get(pull_requests::ledger_csv),
        )
        .merge(seasons::routes())
}
