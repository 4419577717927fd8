//! The page on which people opt out of leaderboards.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::{access::SignedIn, model::UserId};
use kernel::{Problem, ProblemKind};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, format::Number, redirect, show};

use crate::{actions, reads};

#[derive(Template)]
#[template(path = "listing.html")]
struct ListingPage {
    is_listed: bool,
    points: Number,
    form: Form,
}

/// `GET /settings/listing`.
pub(super) async fn page(State(context): State<Context>, SignedIn(viewer): SignedIn) -> PageResult {
    render(&context, viewer.user_id, Form::default()).await
}

async fn render(context: &Context, person: UserId, form: Form) -> PageResult {
    show(&ListingPage {
        is_listed: !reads::has_opted_out(&context.db, person).await?,
        points: Number(identity::reads::points(&context.db, person).await?),
        form,
    })
}

/// The fields of the form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListingForm {
    listed: String,
}

impl ListingForm {
    fn is_listed(&self) -> Result<bool, Problem> {
        match self.listed.as_str() {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => {
                let detail = "Choose whether leaderboards list you: yes or no.";
                Err(Problem::new(ProblemKind::Invalid, "BAD_LISTING", detail).at("listed"))
            }
        }
    }
}

/// `POST /settings/listing`.
pub(super) async fn save(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Filled(fields, form): Filled<ListingForm>,
) -> Result<Response, PageError> {
    let is_listed = match fields.is_listed() {
        Ok(is_listed) => is_listed,
        Err(problem) => {
            let again = async |form| render(&context, viewer.user_id, form).await;
            return form.refused(problem, again).await;
        }
    };
    let set = actions::set_listed(&context, viewer.user_id, is_listed).await;
    set.map_err(WebError::from)?;
    let said = if is_listed { "Leaderboards list you" } else { "Leaderboards no longer list you" };
    Ok(redirect("/settings/listing", said))
}
