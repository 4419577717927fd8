//! Forms with a picture.

use std::time::Duration;

use axum::{
    RequestExt as _,
    body::HttpBody as _,
    extract::{DefaultBodyLimit, FromRequest, Request},
    http::header,
};
use bytes::{Bytes, BytesMut};
use kernel::{Problem, ProblemKind};
use platform::{
    media::{self, Admission, LARGEST_FILE},
    web::Patience,
};

use crate::{Filled, Form, PageError, typed::unread};

/// The room for the other fields of such a form.
const FIELDS: usize = 64 * 1024;
/// How long an upload may take, with waiting for others and decoding.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long the file may take to arrive, once it is its turn.
const ARRIVAL: Duration = Duration::from_secs(20);

/// A submitted form with a picture, which is read when few others are.
#[derive(Debug)]
pub struct Upload {
    pub form: Form,
    /// The content of the file, if one was chosen.
    pub file: Option<Bytes>,
    /// Held as long as the file is in memory.
    pub admission: Admission,
}

impl Upload {
    /// Returns the layer of routes that take such a form.
    pub fn limit() -> DefaultBodyLimit {
        DefaultBodyLimit::max(LARGEST_FILE + FIELDS)
    }

    /// Returns the file.
    ///
    /// # Errors
    /// When none was chosen.
    pub fn file(&self) -> Result<Bytes, Problem> {
        let missing = || {
            let detail = "Choose a picture: a PNG, JPEG, WebP or GIF of at most 8 MiB.";
            Problem::new(ProblemKind::Invalid, "PICTURE_FORMAT", detail).at("picture")
        };
        self.file.clone().ok_or_else(missing)
    }
}

/// A submitted form that may contain a picture, in either encoding of forms.
#[derive(Debug)]
pub struct MaybeUpload {
    pub form: Form,
    /// The form with its file, if it has the encoding of files.
    pub upload: Option<Upload>,
}

impl MaybeUpload {
    /// Returns the content of the file, if one was chosen.
    #[must_use]
    pub fn file(&self) -> Option<Bytes> {
        self.upload.as_ref()?.file.clone()
    }
}

impl<S: Send + Sync> FromRequest<S> for MaybeUpload {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        if kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data")) {
            let upload = Upload::from_request(request, state).await?;
            return Ok(Self { form: upload.form.clone(), upload: Some(upload) });
        }
        let Filled(_, form) = Filled::<Vec<(String, String)>>::from_request(request, state).await?;
        Ok(Self { form, upload: None })
    }
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = PageError;

    async fn from_request(request: Request, _: &S) -> Result<Self, PageError> {
        if let Some(patience) = request.extensions().get::<Patience>() {
            patience.extend(PATIENCE);
        }
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let boundary = multer::parse_boundary(kind).map_err(|_| refused("it has no file"))?;
        let admission = media::admit().await?;
        let read = tokio::time::timeout(ARRIVAL, parts(request, boundary, too_large)).await;
        let (fields, file) = read.map_err(|_| refused("it did not arrive as a whole"))??;
        Ok(Self { form: Form::new(fields), file, admission })
    }
}

/// The fields of a form with their values, and the content of its file.
pub(crate) type Parts = (Vec<(String, String)>, Option<Bytes>);

/// Reads the parts as they arrive, so that the file is in memory once.
pub(crate) async fn parts(
    request: Request,
    boundary: String,
    too_large: fn() -> PageError,
) -> Result<Parts, PageError> {
    let unreadable = |error: multer::Error| match error {
        // The body is limited, and a connection that breaks reads no response.
        multer::Error::StreamReadFailed(_) => too_large(),
        _ => refused(&error.to_string()),
    };
    let body = request.into_limited_body();
    // As much as arrives at most, so that a file never moves to a larger buffer.
    let most = body.size_hint().upper().and_then(|bytes| usize::try_from(bytes).ok());
    let body = body.into_data_stream();
    let (mut fields, mut file) = (Vec::new(), None);
    let mut parts = multer::Multipart::new(body, boundary);
    while let Some(mut part) = parts.next_field().await.map_err(unreadable)? {
        let is_file = part.file_name().is_some();
        let name = part.name().unwrap_or_default().to_owned();
        let capacity = most.filter(|_| is_file).map_or(0, |most| most.min(LARGEST_FILE));
        let mut content = BytesMut::with_capacity(capacity);
        while let Some(chunk) = part.chunk().await.map_err(unreadable)? {
            content.extend_from_slice(&chunk);
        }
        if is_file {
            file = file.or(Some(content.freeze()).filter(|content| !content.is_empty()));
        } else {
            fields.push((name, String::from_utf8_lossy(&content).into_owned()));
        }
    }
    Ok((fields, file))
}

fn too_large() -> PageError {
    let detail = "The file is larger than 8 MiB. Go back, save it as JPEG or scale it down, and upload it again.";
    Problem::new(ProblemKind::TooLarge, "TOO_LARGE", detail).into()
}

fn refused(cause: &str) -> PageError {
    unread(cause).into()
}
