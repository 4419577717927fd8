//! Parts of an address; what cannot be read is told on a page.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use kernel::Problem;
use platform::web;
use serde::de::DeserializeOwned;

use super::PageError;

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
