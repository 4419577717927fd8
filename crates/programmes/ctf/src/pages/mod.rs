//! Pages of rosters, coaches, competitors and teams.

mod admin;
mod coaches;
mod comparison;
mod competitor_profile;
mod competitors;
mod consent_link;
pub(crate) mod dashboard;
mod first_steps;
mod game_platform;
mod home;
mod imports;
mod integration;
mod links;
mod live;
mod me;
mod on_person;
mod own_badges;
mod privacy;
mod profile_link;
mod reconciliation;
mod report_card;
mod rollout;
mod rosters;
mod settings;
mod syncs;
mod teams;

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use platform::{Context, flags};
use ui::{SideList, side::SidePart};

use crate::{FLAG, reads::RosterView};
pub(crate) use first_steps::FIRST_STEPS;
pub(crate) use on_person::PANELS;

/// The pages of a roster: the last part of the path, and the label.
const ROSTER_PARTS: [SidePart; 5] = [
    ("", "", "Dashboard"),
    ("People", "/competitors", "Competitors"),
    ("People", "/teams", "Teams"),
    ("People", "/coaches", "Coaches"),
    ("Roster", "/settings", "Settings"),
];

/// Returns the side list of a roster's coaches, on the page with this label.
fn roster_side(roster: &RosterView, label: &str) -> SideList {
    let part = ROSTER_PARTS.iter().find(|(_, _, known)| *known == label);
    SideList::of(&roster.name, &roster.address(), &ROSTER_PARTS, part.map_or("", |part| part.1))
}

/// The pages of the game platform: the last part of the path, and the label.
const PLATFORM_TABS: [(&str, &str); 3] =
    [("", "Overview"), ("/reconciliation", "Reconciliation"), ("/rollout", "Rollout")];

pub(crate) fn routes() -> Router<Context> {
    Router::new()
        .merge(roster_routes())
        .merge(competitor_routes())
        .merge(team_routes())
        .merge(own_routes())
        .merge(dashboard::routes())
        .merge(report_card::routes())
        .merge(live::routes())
        .merge(admin_routes())
        .merge(sync_routes())
        .merge(reconciliation_routes())
        .merge(rollout::routes())
        .layer(from_fn_with_state(FLAG, flags::hide))
        .merge(link_routes())
}

fn reconciliation_routes() -> Router<Context> {
    Router::new()
        .route("/admin/game-platform/differences/{difference}/fix", post(reconciliation::fix))
        .route(
            "/admin/game-platform/differences/{difference}/message",
            get(reconciliation::message),
        )
        .route(
            "/admin/game-platform/reconciliation",
            get(reconciliation::page).post(reconciliation::compare),
        )
        .route("/admin/game-platform/sample", post(reconciliation::sample))
}

fn roster_routes() -> Router<Context> {
    Router::new()
        .route("/ctf", get(home::page))
        .route("/ctf/achievements", post(home::choose_notices))
        .route("/ctf/rosters/new", get(rosters::blank).post(rosters::create))
        .route("/ctf/rosters/{roster}/coaches", get(coaches::list).post(coaches::share))
        .route("/ctf/rosters/{roster}/coaches/{coach}/role", post(coaches::change_role))
        .route(
            "/ctf/rosters/{roster}/coaches/{coach}/remove",
            get(coaches::ask_to_remove).post(coaches::remove),
        )
        .route("/ctf/rosters/{roster}/leave", get(coaches::ask_to_leave).post(coaches::leave))
        .route("/ctf/rosters/{roster}/settings", get(settings::page).post(settings::save))
        .route("/ctf/rosters/{roster}/join-link", post(settings::create_join_link))
        .route("/ctf/rosters/{roster}/links/{link}/revoke", post(settings::revoke_link))
        .route("/ctf/rosters/{roster}/archive", get(rosters::ask_to_archive).post(rosters::archive))
        .route("/ctf/rosters/{roster}/reopen", get(rosters::ask_to_reopen).post(rosters::reopen))
        .route(
            "/ctf/rosters/{roster}/new-year",
            get(rosters::ask_for_year).post(rosters::start_year),
        )
}

fn competitor_routes() -> Router<Context> {
    Router::new()
        .route("/ctf/rosters/{roster}/competitors", get(competitors::list))
        .route("/ctf/rosters/{roster}/competitors.csv", get(competitors::file))
        .route("/ctf/rosters/{roster}/competitors/confirm", post(competitors::confirm_all))
        .route("/ctf/rosters/{roster}/competitors/import", get(imports::ask).post(imports::import))
        .route(
            "/ctf/rosters/{roster}/competitors/new",
            get(competitors::blank).post(competitors::add),
        )
        .route("/ctf/competitors/{competitor}/confirm", post(competitor_profile::confirm))
        .route(
            "/ctf/competitors/{competitor}/profile/confirm-account",
            post(competitor_profile::confirm_account),
        )
        .route(
            "/ctf/competitors/{competitor}/profile",
            get(competitor_profile::page).post(competitor_profile::save),
        )
        .route(
            "/ctf/competitors/{competitor}/profile/consent-link",
            post(competitor_profile::ask_parent),
        )
        .route(
            "/ctf/competitors/{competitor}/profile/erase",
            get(competitor_profile::ask_to_erase).post(competitor_profile::erase),
        )
        .route(
            "/ctf/competitors/{competitor}/profile/leave",
            get(competitor_profile::ask_to_remove).post(competitor_profile::remove),
        )
        .route("/ctf/competitors/{competitor}/profile/link", post(competitor_profile::send_link))
        .route("/ctf/competitors/{competitor}/profile/move", post(competitor_profile::relocate))
        .route(
            "/ctf/competitors/{competitor}/profile/release",
            post(competitor_profile::record_release),
        )
        .route(
            "/ctf/competitors/{competitor}/profile/withdraw",
            post(competitor_profile::withdraw_release),
        )
}

fn team_routes() -> Router<Context> {
    Router::new()
        .route("/ctf/rosters/{roster}/teams", get(teams::list).post(teams::create))
        .route("/ctf/teams/{team}", get(teams::page).post(teams::save))
        .route("/ctf/teams/{team}/delete", get(teams::ask_to_delete).post(teams::delete))
        .route("/ctf/teams/{team}/members", post(teams::add_member))
        .route("/ctf/teams/{team}/members/{competitor}/remove", post(teams::remove_member))
        .route("/ctf/teams/{team}/sync", post(teams::sync))
}

fn link_routes() -> Router<Context> {
    Router::new()
        .route("/ctf/links/{token}", get(links::page).post(links::accept))
        .route("/ctf/links/{token}/consent", post(consent_link::give))
        .route("/ctf/links/{token}/profile", post(profile_link::save))
        .route(
            "/ctf/links/{token}/withdraw",
            get(consent_link::ask_to_withdraw).post(consent_link::withdraw),
        )
}

fn own_routes() -> Router<Context> {
    Router::new()
        .route("/ctf/me", get(me::page).post(me::save))
        .route("/ctf/me/erase", get(me::ask_to_erase).post(me::erase))
        .route("/ctf/me/leave", get(me::ask_to_leave).post(me::leave))
        .route("/ctf/me/release", post(me::sign_release))
        .route("/ctf/me/weekly-mail", post(me::choose_weekly_mail))
        .route("/ctf/me/withdraw", post(me::withdraw_release))
}

fn admin_routes() -> Router<Context> {
    Router::new()
        .route("/admin/ctf", get(admin::page).post(admin::invite))
        .route("/admin/ctf/coaches/{coach}/approve", post(admin::approve))
        .route(
            "/admin/ctf/coaches/{coach}/suspend",
            get(admin::ask_to_suspend).post(admin::suspend),
        )
        .route("/admin/ctf/erasures/{erasure}/confirm", post(privacy::confirm))
        .route("/admin/ctf/links/{link}/revoke", post(admin::revoke_link))
        .route("/admin/ctf/privacy", get(privacy::page).post(privacy::publish))
}

fn sync_routes() -> Router<Context> {
    Router::new()
        .route("/admin/game-platform", get(game_platform::page))
        .route("/admin/game-platform/preflight", get(game_platform::preflight))
        .route("/admin/game-platform/retry", post(game_platform::retry))
        .route("/admin/game-platform/runs/{run}", get(game_platform::run))
        .route("/admin/game-platform/sync", post(game_platform::sync))
        .route("/ctf/competitors/{competitor}/clear-error", post(syncs::clear_error))
        .route("/ctf/competitors/{competitor}/password-reset", post(syncs::reset_password))
        .route("/ctf/competitors/{competitor}/sync", post(syncs::sync))
        .route("/ctf/rosters/{roster}/comparison", get(comparison::page).post(comparison::compare))
        .route("/ctf/rosters/{roster}/remind", post(syncs::remind))
        .route("/ctf/rosters/{roster}/retry", post(syncs::retry))
        .route("/ctf/rosters/{roster}/sync", post(syncs::refresh))
}
