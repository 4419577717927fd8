use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{Shared, header, refused};

/// Telnyx: accepts a message to an E.164 number and returns an ID.
pub(super) async fn take(State(shared): State<Shared>, headers: HeaderMap, raw: Bytes) -> Response {
    if let Some(refusal) = shared.fault(refusal).await {
        return refusal;
    }
    if !header(&headers, "authorization").is_some_and(|key| key.starts_with("Bearer KEY")) {
        return refusal(401, None);
    }
    let body: Value = serde_json::from_slice(&raw).unwrap_or_default();
    let is_number = |field: &str| {
        let digits = body[field].as_str().and_then(|text| text.strip_prefix('+'));
        digits.is_some_and(|digits| {
            (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
        })
    };
    if !is_number("to") || !is_number("from") || body["text"].as_str().is_none_or(str::is_empty) {
        return refusal(422, None);
    }
    let id = format!("40385f64-5717-4562-b3fc-{:012}", shared.lock().taken.len());
    let to =
        json!([{ "phone_number": body["to"], "status": "queued", "carrier": "", "line_type": "" }]);
    let data = json!({
        "record_type": "message", "direction": "outbound", "id": id, "type": "SMS",
        "from": { "phone_number": body["from"], "carrier": "", "line_type": "" },
        "to": to, "text": body["text"], "parts": 1, "errors": [],
    });
    shared.take("telnyx", "/v2/messages", headers, raw);
    Json(json!({ "data": data })).into_response()
}

fn refusal(status: u16, wait: Option<u64>) -> Response {
    let (code, title, detail) = match status {
        401 => (
            "10009",
            "Authentication failed",
            "The required authentication headers were either invalid or not included in the request.",
        ),
        403 => (
            "10010",
            "Authorization failed",
            "You do not have permission to perform the requested action on the specified resource.",
        ),
        409 => (
            "40300",
            "Blocked due to STOP message",
            "Messages cannot be sent from your messaging profile to this number: it asked to stop.",
        ),
        422 => ("40310", "Invalid 'to' address", "The 'to' address should be in E.164 format."),
        429 => (
            "10011",
            "Too many requests",
            "You have exceeded the maximum number of allowed requests.",
        ),
        _ => ("10016", "Internal server error", "An unexpected error occurred."),
    };
    let error = json!({ "code": code, "title": title, "detail": detail });
    refused(status, wait, Json(json!({ "errors": [error] })))
}
