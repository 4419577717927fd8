//! Reading what a handler left of a request's body, so that its sender sees the response.

use std::{
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Error,
    body::{Body, BodyDataStream, Bytes, HttpBody as _},
    extract::Request,
    http::header::EXPECT,
    response::Response,
};
use futures_util::{StreamExt as _, stream};

use super::Next;

/// Shorter bodies arrive with the head of their request, or soon after it.
const SHORT: u64 = 64 * 1024;
/// The most bytes that are read and dropped: more than pictures of phones have.
const MOST: usize = 32 * 1024 * 1024;
/// How long reading them may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a sender may pause: who announces a body and sends none gets the response soon.
const PAUSE: Duration = Duration::from_secs(2);

/// Responds once the body of the request was read, by the handler or here.
///
/// A connection is closed when a response is complete and its request is not. Senders that are still writing then see a
/// broken connection in place of "The file is larger than 8 MiB." Senders that ask before they send get it at once.
pub async fn read_unread(request: Request, next: Next) -> Response {
    let is_short = request.body().size_hint().upper().is_some_and(|bytes| bytes <= SHORT);
    if is_short || request.headers().contains_key(EXPECT) {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    let rest = Rest(Arc::new(Mutex::new(body.into_data_stream())));
    let response = next.run(Request::from_parts(head, rest.clone().into_body())).await;
    // What cannot be read is of no interest any longer.
    let _ = tokio::time::timeout(PATIENCE, rest.read(MOST)).await;
    response
}

/// A body that a handler reads, and what it left.
#[derive(Clone)]
struct Rest(Arc<Mutex<BodyDataStream>>);

impl Rest {
    fn poll(&self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        body.poll_next_unpin(context)
    }

    fn into_body(self) -> Body {
        Body::from_stream(stream::poll_fn(move |context| self.poll(context)))
    }

    /// Reads and drops at least `most` bytes, or all that is left, or what was sent before a pause.
    async fn read(&self, most: usize) {
        let mut read = 0;
        while read < most {
            let next = std::future::poll_fn(|context| self.poll(context));
            match tokio::time::timeout(PAUSE, next).await {
                Ok(Some(Ok(chunk))) => read += chunk.len(),
                Ok(Some(Err(_)) | None) | Err(_) => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        convert::Infallible,
        sync::atomic::{AtomicUsize, Ordering},
    };

    use axum::{Router, http::StatusCode, routing::post};
    use tower::ServiceExt as _;

    use super::*;
    use crate::web::Stack;

    const CHUNK: usize = 64 * 1024;

    /// Sends `chunks` to a handler that refuses or reads them. Returns the status and how many were read.
    async fn sent(path: &str, chunks: usize, expects: bool) -> (StatusCode, usize) {
        let router = Router::new()
            .route("/refuses", post(async || StatusCode::FORBIDDEN))
            .route("/reads", post(async |body: Bytes| body.len().to_string()))
            .layer(axum::extract::DefaultBodyLimit::disable());
        let router = Stack::default().with(read_unread).around(router);
        let read = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&read);
        let body = stream::iter(0..chunks).map(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok::<_, Infallible>(vec![0_u8; CHUNK])
        });
        let request = Request::post(path);
        let request = if expects { request.header(EXPECT, "100-continue") } else { request };
        let response =
            router.oneshot(request.body(Body::from_stream(body)).expect("a request")).await;
        (response.expect("a response").status(), read.load(Ordering::Relaxed))
    }

    #[tokio::test]
    async fn what_a_handler_leaves_is_read_within_bounds() {
        let most = MOST / CHUNK;
        for (path, chunks, expects, status, read) in [
            ("/refuses", 100, false, StatusCode::FORBIDDEN, 100),
            ("/refuses", 3 * most, false, StatusCode::FORBIDDEN, most),
            ("/refuses", 100, true, StatusCode::FORBIDDEN, 0),
            ("/reads", 100, false, StatusCode::OK, 100),
            ("/reads", 0, false, StatusCode::OK, 0),
        ] {
            assert_eq!(sent(path, chunks, expects).await, (status, read), "{path} {chunks}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_sender_that_pauses_gets_the_response() {
        let router = Router::new().route("/refuses", post(async || StatusCode::FORBIDDEN));
        let router = Stack::default().with(read_unread).around(router);
        let body = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        let started = tokio::time::Instant::now();
        let response = router.oneshot(Request::post("/refuses").body(body).expect("a request"));
        assert_eq!(response.await.expect("a response").status(), StatusCode::FORBIDDEN);
        assert_eq!(started.elapsed(), PAUSE);
    }
}
