//! Server-rendered pages: HTML that is whole without its script, one stylesheet, the same sentences as
//! the API.

mod admin;
mod dev_mail;
mod docs;
mod elsewhere;
mod events;
mod guides;
mod home;
mod mine;
mod people;

use axum::{Extension, Router, middleware::from_fn_with_state, routing::get};
use identity::model::DemoPeople;
use platform::{Context, flags, module::Services};

pub(crate) use docs::FLAG as API_DOCS;
pub use elsewhere::elsewhere;
pub(crate) use events::FLAG as LIVE_UPDATES;

/// Returns the routes of the pages.
pub(crate) fn routes(services: &Services) -> Router<Context> {
    let pages = Router::new()
        .route("/", get(home::home))
        .route("/people/{login}", get(people::person))
        .route("/people/{login}/ledger.csv", get(people::ledger_csv))
        .route("/people/{login}/pull-requests.csv", get(people::pulls_csv))
        .route("/people/{login}/days.csv", get(people::days_csv))
        .route("/guides", get(guides::guides))
        .route("/guides/{name}", get(guides::guide))
        .merge(docs::routes())
        .merge(admin::routes());
    let demo = services.extensions.get::<DemoPeople>();
    let pages = match demo.is_some_and(|demo| !demo.0.is_empty()) {
        true => pages.merge(dev_mail::routes()),
        false => pages,
    };
    pages.merge(live_updates())
}

fn live_updates() -> Router<Context> {
    let stream = get(events::events).layer(Extension(events::Live::new()));
    let route = Router::new().route("/events", stream);
    route.layer(from_fn_with_state(LIVE_UPDATES, flags::hide))
}
