//! Inviting people by email, on the page of all people.

use std::sync::Arc;

use axum::{Extension, extract::State, response::Response};
use platform::{Context, outbox::Post, web::WebError};
use serde::Deserialize;
use ui::{Address, Filled, PageError, format, frame, redirect};
use uuid::Uuid;

use super::people::{PeopleSearch, render};
use crate::{access::Admin, actions, model::SignInMethods};

/// The page with the form and the list of open invitations.
const PAGE: &str = "/admin/people";

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
    let (stated, community) = ((input.address.as_str(), input.to.as_str()), frame::community());
    match actions::invite(&context, &post, &viewer, stated, &community.description).await {
        Ok(address) => {
            // The next person is often invited to the same page.
            let again = format::address(PAGE, [("to", input.to.trim())]);
            Ok(redirect(&again, &format!("Invitation sent to {address}")))
        }
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
    Ok(redirect(PAGE, "Invitation withdrawn"))
}
