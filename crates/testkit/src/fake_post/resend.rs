use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{Shared, header, refused};

/// Resend: accepts a message with the same idempotency key once, and refuses the key for a different message.
pub(super) async fn take(State(shared): State<Shared>, headers: HeaderMap, raw: Bytes) -> Response {
    if let Some(refusal) = shared.fault(refusal).await {
        return refusal;
    }
    if !header(&headers, "authorization").is_some_and(|key| key.starts_with("Bearer re_")) {
        return refusal(401, None);
    }
    let Ok(body) = serde_json::from_slice::<Value>(&raw) else {
        return refusal(422, None);
    };
    let key = header(&headers, "idempotency-key").unwrap_or_default().to_owned();
    let known = shared.lock().by_key.get(&key).cloned();
    match known {
        Some((same, id)) if same == body => Json(json!({ "id": id })).into_response(),
        Some(_) => refusal(409, None),
        None => {
            let id = {
                let mut inner = shared.lock();
                let id = format!("49a3999c-0ce1-4ea6-ab68-{:012}", inner.taken.len());
                inner.by_key.insert(key, (body, id.clone()));
                id
            };
            shared.take("resend", "/emails", headers, raw);
            Json(json!({ "id": id })).into_response()
        }
    }
}

fn refusal(status: u16, wait: Option<u64>) -> Response {
    let (name, message) = match status {
        401 => ("missing_api_key", "Missing API key in the authorization header"),
        409 => (
            "invalid_idempotent_request",
            "This idempotency key has been used with a different payload",
        ),
        422 => (
            "validation_error",
            "Invalid `to` field. The email address needs to follow the `email@example.com` format",
        ),
        429 => {
            ("rate_limit_exceeded", "Too many requests. You can only make 2 requests per second")
        }
        _ => ("application_error", "An unexpected error occurred"),
    };
    let body = json!({ "statusCode": status, "name": name, "message": message });
    refused(status, wait, Json(body))
}
