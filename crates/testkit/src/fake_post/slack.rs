use axum::{
    body::Bytes,
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::{IntoResponse as _, Response},
};
use serde_json::Value;

use super::{Shared, refused};

/// A Slack incoming webhook: accepts JSON with a text and answers `ok`; errors are a single word.
pub(super) async fn take(
    State(shared): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    raw: Bytes,
) -> Response {
    if let Some(refusal) = shared.fault(refusal).await {
        return refusal;
    }
    let Ok(body) = serde_json::from_slice::<Value>(&raw) else {
        return refused(400, None, "invalid_payload");
    };
    if body["text"].as_str().is_none_or(str::is_empty) {
        return refused(400, None, "no_text");
    }
    shared.take("slack", uri.path(), headers, raw);
    "ok".into_response()
}

fn refusal(status: u16, wait: Option<u64>) -> Response {
    let word = match status {
        400 => "invalid_payload",
        403 => "action_prohibited",
        404 => "no_service",
        410 => "channel_is_archived",
        429 => "rate_limited",
        _ => "rollup_error",
    };
    refused(status, wait, word)
}
