//! The page on which people opt out of leaderboards.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::access::SignedIn;
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{Filled, PageError, PageResult, format::Number, redirect, show};

use crate::{actions, reads};

#[derive(Template)]
#[template(path = "listing.html")]
struct ListingPage {
    is_listed: bool,
    points: Number,
}

/// `GET /settings/listing`.
pub(super) async fn page(State(context): State<Context>, SignedIn(viewer): SignedIn) -> PageResult {
    show(&ListingPage {
        is_listed: !reads::has_opted_out(&context.db, viewer.user_id).await?,
        points: Number(identity::reads::points(&context.db, viewer.user_id).await?),
    })
}

/// The fields of the form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    listed: String,
}

/// `POST /settings/listing`.
pub(super) async fn save(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Filled(fields, _): Filled<Fields>,
) -> Result<Response, PageError> {
    let is_listed = fields.listed == "yes";
    let set = actions::set_listed(&context, viewer.user_id, is_listed).await;
    set.map_err(WebError::from)?;
    let said = match is_listed {
        true => "Leaderboards list you",
        false => "Leaderboards no longer list you",
    };
    Ok(redirect("/settings/listing", said))
}
