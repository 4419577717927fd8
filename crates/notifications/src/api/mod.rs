//! The API of a person's own notifications, and the API for admins to inspect the messages that are sent.

mod browsers;
mod inbox;
mod messages;
mod settings;

use platform::Context;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Returns the routes of the API.
pub fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(inbox::notifications))
        .routes(routes!(inbox::read_all))
        .routes(routes!(inbox::read))
        .routes(routes!(browsers::list, browsers::add))
        .routes(routes!(browsers::remove))
        .routes(routes!(settings::settings, settings::choose))
        .routes(routes!(messages::messages))
        .routes(routes!(messages::channels))
        .routes(routes!(messages::retry))
        .routes(routes!(messages::alerts))
}
