//! Server-rendered pages: HTML that works without scripts, one stylesheet, the same messages as the API.

mod admin;
mod dev_mail;
mod docs;
mod events;
mod guides;
mod people;

use axum::{Router, routing::get};
use identity::model::DemoPeople;
use platform::{Context, module::Services};

pub(crate) use docs::FLAG as API_DOCS;
pub(crate) use guides::{Guides, SEARCH};

pub(crate) fn routes(services: &Services) -> Router<Context> {
    let pages = Router::new()
        .route("/people/{login}", get(people::person))
        .route("/people/{login}/ledger.csv", get(people::ledger_csv))
        .route("/events", get(events::page))
        .route("/guides", get(guides::guides))
        .route("/guides/{name}", get(guides::guide))
        .merge(docs::routes())
        .merge(admin::routes());
    let demo = services.extensions.get::<DemoPeople>();
    if demo.is_some_and(|demo| !demo.0.is_empty()) {
        pages.merge(dev_mail::routes())
    } else {
        pages
    }
}
