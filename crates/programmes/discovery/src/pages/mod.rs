//! The pages of discovery.

mod admin;
mod card;
mod claim_panels;
mod claims;
mod discover;
mod explained;
mod facets;
mod for_you;
mod front;
mod model;
mod opportunity;
mod panel_followed;
mod panel_for_you;
mod preferences;
mod repositories;
mod search;
mod tabs;
mod watches;
mod words;

use askama::Template;
use axum::{
    Router,
    http::{HeaderValue, header},
    middleware::from_fn_with_state,
    response::{IntoResponse as _, Response},
    routing::get,
};
use platform::{Context, flags};
use ui::{PageError, show};

use crate::FLAG;

pub(crate) use claim_panels::PANELS;
pub(crate) use front::front;
pub(crate) use panel_for_you::KeptOffers;
pub(crate) use search::SEARCH;

pub(crate) fn routes() -> Router<Context> {
    Router::new()
        .route("/discover", get(discover::page))
        .route("/discover/{id}", get(opportunity::page))
        .merge(admin::routes())
        .merge(repositories::routes())
        .merge(watches::routes())
        .route("/admin/discovery/model", get(model::page))
        .merge(claims::routes())
        .merge(for_you::routes())
        .merge(preferences::routes())
        .layer(from_fn_with_state(FLAG, flags::hide))
}

/// Renders a page of a search. It is not kept if it lacks the last changes.
fn found(page: &impl Template, is_old: bool) -> Result<Response, PageError> {
    let mut response = show(page)?.into_response();
    if is_old {
        let not_kept = HeaderValue::from_static("no-store");
        response.headers_mut().insert(header::CACHE_CONTROL, not_kept);
    }
    Ok(response)
}
