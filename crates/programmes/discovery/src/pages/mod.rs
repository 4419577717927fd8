//! Pages of opportunities.

mod card;
mod discover;
mod facets;
mod opportunity;
mod words;

use askama::Template;
use axum::{
    Router,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use platform::Context;
use ui::{PageError, show};

/// Returns the routes of the pages.
pub(crate) fn routes() -> Router<Context> {
    Router::new()
        .route("/discover", get(discover::page))
        .route("/discover/{id}", get(opportunity::page))
}

/// Renders a page of a search. It is not kept if it lacks the last changes.
fn found(page: &impl Template, is_old: bool) -> Result<Response, PageError> {
    let mut response = show(page)?.into_response();
    if is_old {
        let not_kept = HeaderValue::from_static("no-store");
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, not_kept);
    }
    Ok(response)
}
