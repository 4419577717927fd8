//! Files that are read in batches while they are sent, so that files of any length use the same memory.

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures_util::{
    StreamExt as _,
    future::ready,
    stream::{once, try_unfold},
};
use platform::db::DbError;

/// The number of rows in a batch.
pub const BATCH: i64 = 1_000;

/// The text of a batch, and where the next batch begins; `None` after the last one.
pub type Batch<P> = Result<(String, Option<P>), DbError>;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values.
    Csv,
    /// One JSON object per line.
    JsonLines,
}

impl Format {
    const fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::JsonLines => "application/jsonl; charset=utf-8",
        })
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }
}

/// Responds with a file named `name`, which browsers save.
pub(crate) fn file(name: &str, format: Format, body: impl Into<Body>) -> Response {
    let mut response = body.into().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, format.content_type());
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let disposition = format!("attachment; filename=\"{plain}.{}\"", format.extension());
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// Responds with a file that `read` reads in batches, the first of them from `first`. A failure aborts the response.
pub fn streamed<P, F>(
    name: &str,
    format: Format,
    head: String,
    first: P,
    mut read: impl FnMut(P) -> F + Send + 'static,
) -> Response
where
    P: Send + 'static,
    F: Future<Output = Batch<P>> + Send + 'static,
{
    let batches = try_unfold(Some(first), move |place| {
        let batch = place.map(&mut read);
        async move {
            match batch {
                Some(batch) => batch.await.map(Some),
                None => Ok(None),
            }
        }
    });
    let text = once(ready(Ok(head))).chain(batches);
    file(name, format, Body::from_stream(text))
}

/// Returns where the batch after these rows begins, if this one is full.
pub fn next_batch<T, P>(rows: &[T], place: impl FnOnce(&T) -> P) -> Option<P> {
    let is_full = i64::try_from(rows.len()).is_ok_and(|count| count >= BATCH);
    rows.last().filter(|_| is_full).map(place)
}
