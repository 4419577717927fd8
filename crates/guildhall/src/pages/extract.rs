//! Parts of an address; what cannot be read is told on a page.

use axum::{
    extract::{Form, FromRequest, FromRequestParts, Path, Request, rejection::FormRejection},
    http::request::Parts,
};
use kernel::{Problem, ProblemKind};
use platform::web;
use serde::{Deserialize, de::DeserializeOwned};

use super::PageError;

/// What was just done, as the address says it that a form leads back to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    pub(super) done: String,
}

/// The parts of the path. One that is not text names nothing.
pub(super) struct Address<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Address<T> {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageError> {
        let unknown = |_| {
            let detail = "There is nothing at this address. Check it, or start at /.";
            Problem::not_found(detail).into()
        };
        Path::from_request_parts(parts, state)
            .await
            .map(|Path(found)| Self(found))
            .map_err(unknown)
    }
}

/// What follows the question mark.
pub(super) struct Asked<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageError> {
        let web::Query(found) = web::Query::from_request_parts(parts, state).await?;
        Ok(Self(found))
    }
}

/// The fields of a form that was sent.
pub(super) struct Filled<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Filled<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        let refuse = |error: FormRejection| {
            let text = error.body_text();
            let cause = text.split_once(": ").map_or(&*text, |(_, cause)| cause);
            let detail =
                format!("The form cannot be read: {cause}. Go back to it and send it again.");
            Problem::new(ProblemKind::Malformed, "BAD_FORM", detail).into()
        };
        Form::from_request(request, state)
            .await
            .map(|Form(filled)| Self(filled))
            .map_err(refuse)
    }
}
