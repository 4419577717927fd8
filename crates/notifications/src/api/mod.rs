//! The API of a person's own notifications, and the API for admins to inspect the messages that are sent.

mod browsers;
mod inbox;
mod messages;
mod phone;
mod settings;
mod webhook_views;
mod webhooks;

use platform::Context;
pub(crate) use webhooks::ATTEMPTS;

use utoipa_axum::{router::OpenApiRouter, routes};

pub fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(inbox::notifications))
        .routes(routes!(inbox::read_all))
        .routes(routes!(inbox::read))
        .routes(routes!(browsers::list, browsers::add))
        .routes(routes!(browsers::remove))
        .routes(routes!(phone::get, phone::set, phone::remove))
        .routes(routes!(phone::verify))
        .routes(routes!(webhooks::list, webhooks::add))
        .routes(routes!(webhooks::get, webhooks::update, webhooks::delete))
        .routes(routes!(webhooks::rotate))
        .routes(routes!(webhooks::enable))
        .routes(routes!(webhooks::test))
        .routes(routes!(webhooks::attempts))
        .routes(routes!(settings::settings, settings::choose))
        .routes(routes!(messages::messages))
        .routes(routes!(messages::channels))
        .routes(routes!(messages::retry))
        .routes(routes!(messages::alerts))
}
