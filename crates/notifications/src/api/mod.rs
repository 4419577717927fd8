//! The API of a person's own notifications.

mod browsers;
mod inbox;
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
}
