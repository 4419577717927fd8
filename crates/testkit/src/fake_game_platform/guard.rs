use std::{convert::Infallible, io, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{OriginalUri, Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use futures_util::stream;

use super::{API, Shared, api::refused, world::World};

/// The outermost layer of the API: counts, latency, faults and the token.
pub(super) async fn guard(
    State(shared): State<Arc<Shared>>,
    OriginalUri(uri): OriginalUri,
    request: Request,
    next: Next,
) -> Response {
    let path = uri.path().strip_prefix(API).unwrap_or_default();
    let path = if path.is_empty() { "/" } else { path };
    let call = format!("{} {path}", request.method());
    let latency = {
        let mut world = shared.world();
        *world.calls.entry(call).or_default() += 1;
        world.switches.latency_ms
    };
    if latency > 0 {
        tokio::time::sleep(Duration::from_millis(latency)).await;
    }
    // A separate statement, so that the lock is released before the answer is built.
    let trouble = shared.world().trouble();
    if let Some(answer) = trouble {
        return answer;
    }
    let is_known = {
        let sent = request.headers().get(header::AUTHORIZATION);
        let sent = sent.and_then(|value| value.to_str().ok());
        let token = sent.and_then(|value| value.strip_prefix("Bearer "));
        token == Some(&shared.token) && !shared.world().switches.rejected
    };
    // Without a token, only the root answers, which proves nothing.
    if path != "/" && !is_known {
        return refused(StatusCode::UNAUTHORIZED, "Invalid authentication credentials");
    }
    let is_post = request.method() == Method::POST;
    let answer = next.run(request).await;
    if is_post && answer.status().is_success() {
        let lost = shared.world().lost();
        if let Some(lost) = lost {
            return lost;
        }
    }
    let (is_cut, is_slow) = {
        let mut world = shared.world();
        let share = world.switches.malformed;
        (world.rng.fraction() < share, world.switches.slow_loris)
    };
    match (is_cut, is_slow) {
        (false, false) => answer,
        (is_cut, is_slow) => spoiled(answer, is_cut, is_slow).await,
    }
}

impl World {
    /// Returns the fault that the switches cause for this request.
    fn trouble(&mut self) -> Option<Response> {
        if self.switches.outage {
            return Some(failed(StatusCode::SERVICE_UNAVAILABLE));
        }
        if self.rng.fraction() < self.switches.errors {
            let status = *self.rng.pick(&[
                StatusCode::INTERNAL_SERVER_ERROR,
                StatusCode::BAD_GATEWAY,
                StatusCode::SERVICE_UNAVAILABLE,
            ]);
            return Some(failed(status));
        }
        let is_limited = match &mut self.switches.requests_left {
            Some(0) => true,
            Some(left) => {
                *left -= 1;
                false
            }
            None => false,
        };
        if is_limited || self.rng.fraction() < self.switches.limited {
            let mut answer = refused(StatusCode::TOO_MANY_REQUESTS, "Rate limit exceeded");
            let seconds = self.switches.retry_after;
            answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            return Some(answer);
        }
        None
    }

    /// Returns what a client gets instead of the answer to a request that was done, if the switches lose the answer.
    fn lost(&mut self) -> Option<Response> {
        let share = self.switches.drops;
        if share <= 0.0 || self.rng.fraction() >= share {
            return None;
        }
        Some(if self.rng.fraction() < 0.5 { failed(StatusCode::BAD_GATEWAY) } else { closed() })
    }
}

/// Returns an answer whose connection is closed before its body is sent.
fn closed() -> Response {
    let reset = Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset));
    Body::from_stream(stream::iter([reset])).into_response()
}

/// Returns an error of a proxy in front of the platform, which is not JSON.
fn failed(status: StatusCode) -> Response {
    (status, "<html><body><h1>Service error</h1></body></html>").into_response()
}

/// Cuts an answer in the middle, or sends it one byte per second.
async fn spoiled(answer: Response, is_cut: bool, is_slow: bool) -> Response {
    let (mut parts, body) = answer.into_parts();
    let mut bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    if is_cut {
        bytes.truncate(bytes.len() / 2);
    }
    if !is_slow {
        return Response::from_parts(parts, Body::from(bytes));
    }
    let slow = stream::unfold(bytes, |mut left| async move {
        if left.is_empty() {
            return None;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        let first: Bytes = left.split_to(1);
        Some((Ok::<_, Infallible>(first), left))
    });
    Response::from_parts(parts, Body::from_stream(slow))
}
