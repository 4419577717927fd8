//! Inviting people by email, on the page of all people.

use std::sync::Arc;

use axum::{Extension, extract::State, response::Response};
use platform::{Context, outbox::Post, web::WebError};
use serde::Deserialize;
use ui::{Address, Filled, PageError, redirect};
use uuid::Uuid;

use super::people::{PeopleSearch, render};
use crate::{access::Admin, actions, model::SignInMethods};

/// The list of open invitations.
const LIST: &str = "/admin/people#invite";

/// The address that is invited, and the page that the person sees after joining; empty: the home page.
#[derive(Debug, Deserialize)]
pub(super) struct InviteInput {
    address: String,
    #[serde(default)]
    to: String,
}

/// `POST /admin/people/invitations`.
pub(super) async fn invite(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    Extension(methods): Extension<Arc<SignInMethods>>,
    Admin(viewer): Admin,
    Filled(input, form): Filled<InviteInput>,
) -> Result<Response, PageError> {
    match actions::invite(&context, &post, &viewer, &input.address, &input.to).await {
        Ok(address) => Ok(redirect(LIST, &format!("Invitation sent to {address}"))),
        Err(error) => {
            let search = PeopleSearch::default();
            let page =
                async |form| render(&context, (&post, &methods), &viewer, search, form).await;
            form.refused(error, page).await
        }
    }
}

/// `POST /admin/people/invitations/{id}/withdraw`.
pub(super) async fn withdraw(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(id): Address<Uuid>,
) -> Result<Response, PageError> {
    let withdrawn = actions::withdraw_invitation(&context, viewer.actor(), id).await;
    withdrawn.map_err(WebError::from)?;
    Ok(redirect(LIST, "Invitation withdrawn"))
}
