//! Server-rendered pages: HTML that works without scripts, one stylesheet, the same messages as the API.

mod admin;
mod dev_mail;
mod setup;

use axum::Router;
use identity::model::DemoPeople;
use platform::{Context, module::Services};

pub(crate) use admin::PANELS;

pub(crate) fn routes(services: &Services) -> Router<Context> {
    let pages = Router::new().merge(admin::routes()).merge(setup::routes(services));
    let demo = services.extensions.get::<DemoPeople>();
    if demo.is_some_and(|demo| !demo.0.is_empty()) {
        pages.merge(dev_mail::routes())
    } else {
        pages
    }
}
