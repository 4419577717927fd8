//! Extractors that reject with an error page.

use std::convert::Infallible;

use axum::{
    extract::{FromRequest, FromRequestParts, Path, RawForm, Request},
    http::{StatusCode, header, request::Parts},
};
use bytes::Bytes;
use kernel::{Problem, ProblemKind};
use platform::web;
use serde::de::DeserializeOwned;

use crate::{Form, PageError, typed::unread, upload::parts};

/// The parameters of the path. A path with invalid parameters is not found.
pub struct Address<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Address<T> {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageError> {
        let unknown = |_| web::not_found().into();
        Path::from_request_parts(parts, state).await.map(|Path(found)| Self(found)).map_err(unknown)
    }
}

pub struct QueryString<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for QueryString<T> {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageError> {
        let web::Query(found) = web::Query::from_request_parts(parts, state).await?;
        Ok(Self(found))
    }
}

/// True if an open page requested its live numbers, rather than a person the page.
#[derive(Clone, Copy, Debug)]
pub struct IsRefresh(pub bool);

impl<S: Send + Sync> FromRequestParts<S> for IsRefresh {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.headers.contains_key("x-refresh")))
    }
}

/// A submitted form: the parsed value, and its fields as typed.
pub struct Filled<T>(pub T, pub Form);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Filled<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        let RawForm(body) =
            RawForm::from_request(request, state).await.map_err(|error| match error.status() {
                StatusCode::PAYLOAD_TOO_LARGE => too_large("The form"),
                _ => refused(&error.body_text()),
            })?;
        // The error is in the words of a library, and does not name the field.
        let refuse = |_: serde_urlencoded::de::Error| {
            refused(
                "a field is missing, or has a value that it does not take, such as a word instead of a number",
            )
        };
        let fields = serde_urlencoded::from_bytes(&body).map_err(refuse)?;
        let filled = serde_urlencoded::from_bytes(&body).map_err(refuse)?;
        Ok(Self(filled, Form::new(fields)))
    }
}

/// A submitted form that may contain a file, in either encoding of forms.
pub struct FilledWithFile {
    pub form: Form,
    /// The content of the file, if one was chosen.
    pub file: Option<Bytes>,
}

impl<S: Send + Sync> FromRequest<S> for FilledWithFile {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let Ok(boundary) = multer::parse_boundary(kind) else {
            let Filled(_, form) =
                Filled::<Vec<(String, String)>>::from_request(request, state).await?;
            return Ok(Self { form, file: None });
        };
        let (fields, file) = parts(request, boundary, || too_large("The file")).await?;
        Ok(Self { form: Form::new(fields), file })
    }
}

/// Returns the problem of a form or a file that is too large.
fn too_large(what: &str) -> PageError {
    let detail = format!("{what} is larger than 2 MB. Go back and send less.");
    Problem::new(ProblemKind::TooLarge, "TOO_LARGE", detail).into()
}

fn refused(cause: &str) -> PageError {
    unread(cause).into()
}
