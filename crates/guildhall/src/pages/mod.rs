//! Server-rendered pages: HTML that is whole without its script, one stylesheet, the same sentences as
//! the API.

mod account;
mod admin;
mod dev_mail;
mod docs;
mod elsewhere;
mod email;
mod events;
mod guides;
mod home;
mod identities;
mod maintainers;
mod mine;
mod people;
mod projects;
mod pull_requests;
mod pulls;
mod rules;
mod sessions;
mod sign_in;
mod sign_in_away;
mod sign_in_link;
mod tokens;
mod words;

use std::sync::Arc;

use axum::{
    Extension, Router,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use platform::{Context, flags, module::Services};

pub(crate) use docs::FLAG as API_DOCS;
pub use elsewhere::elsewhere;
pub(crate) use events::FLAG as LIVE_UPDATES;
pub(crate) use sign_in::SignIn;

/// The result of an action, as the address says it that a form leads back to.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Done {
    done: String,
}

/// Returns the routes of the pages.
pub(crate) fn routes(services: &Services) -> Router<Context> {
    let flow = SignIn::new(services);
    let pages = Router::new()
        .route("/", get(home::home))
        .route("/projects", get(projects::projects))
        .route("/projects/{slug}", get(projects::project))
        .route("/projects/{slug}/rules", get(rules::rules))
        .route(
            "/projects/{slug}/pull-requests.csv",
            get(projects::pulls_csv),
        )
        .route("/people/{login}", get(people::person))
        .route("/people/{login}/ledger.csv", get(people::ledger_csv))
        .route("/people/{login}/pull-requests.csv", get(people::pulls_csv))
        .route("/people/{login}/days.csv", get(people::days_csv))
        .route(
            "/pull-requests/{owner}/{repository}/{number}",
            get(pull_requests::pull_request),
        )
        .route(
            "/pull-requests/{owner}/{repository}/{number}/ledger.csv",
            get(pull_requests::ledger_csv),
        )
        .route("/guides", get(guides::guides))
        .route("/guides/{name}", get(guides::guide))
        .merge(docs::routes())
        .route(
            "/projects/{slug}/maintainers",
            get(maintainers::list).post(maintainers::appoint),
        )
        .route(
            "/projects/{slug}/maintainers/{login}/dismiss",
            post(maintainers::dismiss),
        )
        .route("/settings/sessions", get(sessions::list))
        .route("/settings/sessions/others/end", post(sessions::end_others))
        .route("/settings/sessions/{id}/end", post(sessions::end))
        .route("/settings/tokens", get(tokens::list).post(tokens::create))
        .route("/settings/tokens/{id}/revoke", post(tokens::revoke))
        .route("/settings/email", get(email::page).post(email::ask))
        .route(
            "/settings/email/verify",
            get(email::confirm).post(email::verify),
        )
        .route("/settings/email/remove", post(email::remove))
        .route("/settings/account", get(account::page))
        .route("/settings/account/export", post(account::export))
        .route("/settings/account/close", post(account::close))
        .merge(admin::routes());
    let pages = match flow.is_demo() {
        true => pages.merge(dev_mail::routes()),
        false => pages,
    };
    let pages = pages.layer(Extension(flow.cookies()));
    let pages = pages.merge(sign_in::routes(Arc::new(flow)));
    pages.merge(live_updates())
}

fn live_updates() -> Router<Context> {
    let stream = get(events::events).layer(Extension(events::Live::new()));
    let route = Router::new().route("/events", stream);
    route.layer(from_fn_with_state(LIVE_UPDATES, flags::hide))
}
