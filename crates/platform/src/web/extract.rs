use axum::{extract::FromRequestParts, http::request::Parts};
use kernel::{Problem, ProblemKind};
use serde::de::DeserializeOwned;

use super::WebError;

/// The query of an address, read as `T`; what cannot be read is answered as a problem.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

/// The parameters of an address's path, read as `T`; what cannot be read is answered as a problem.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        match axum::extract::Query::try_from_uri(&parts.uri) {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(error) => Err(malformed("BAD_QUERY", &error.body_text())),
        }
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(path)) => Ok(Self(path)),
            Err(error) => Err(malformed("BAD_PATH", &error.body_text())),
        }
    }
}

fn malformed(code: &'static str, detail: &str) -> WebError {
    Problem::new(ProblemKind::Malformed, code, format!("{detail}.")).into()
}
