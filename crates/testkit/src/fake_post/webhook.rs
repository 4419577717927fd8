use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha256;

use super::{PostState, Shared, header, refused};

/// The difference between the clocks that receivers tolerate, in seconds.
const TOLERANCE: i64 = 300;

/// A receiver of webhooks that verifies signatures by Standard Webhooks, if it knows secrets. The receiver `gone` has
/// ended, `silent` never answers, and `long` answers at length.
pub(super) async fn take(
    State(shared): State<Shared>,
    Path(name): Path<String>,
    headers: HeaderMap,
    raw: Bytes,
) -> Response {
    if let Some(refusal) = shared.fault(refusal).await {
        return refusal;
    }
    match name.as_str() {
        "gone" => return refusal(410, None),
        "silent" => std::future::pending().await,
        _ => {}
    }
    if let Err(why) = judge(&shared.lock(), &headers, &raw) {
        return refused(401, None, Json(json!({ "error": why })));
    }
    shared.take("webhook", &format!("/webhook/{name}"), headers, raw);
    match name.as_str() {
        "long" => "a\u{1b}\0\n".repeat(100_000).into_response(),
        _ => (StatusCode::OK, "received").into_response(),
    }
}

fn judge(inner: &PostState, headers: &HeaderMap, raw: &Bytes) -> Result<(), &'static str> {
    let given = |name| header(headers, name);
    let id = given("webhook-id").ok_or("webhook-id is missing")?;
    let at = given("webhook-timestamp").ok_or("webhook-timestamp is missing")?;
    let signatures = given("webhook-signature").ok_or("webhook-signature is missing")?;
    let seconds: i64 = at.parse().map_err(|_| "webhook-timestamp is not a number")?;
    let now = inner.clock.as_ref().map(|clock| clock.now().timestamp());
    if now.is_some_and(|now| (now - seconds).abs() > TOLERANCE) {
        return Err("webhook-timestamp is too far from now");
    }
    if inner.secrets.is_empty() {
        return Ok(());
    }
    let signed = [id.as_bytes(), b".", at.as_bytes(), b".", raw].concat();
    let mut signatures = signatures.split(' ').filter_map(|one| one.strip_prefix("v1,"));
    let is_signed = signatures.any(|signature| {
        let mut secrets = inner.secrets.iter();
        secrets.any(|secret| verifies(secret, &signed, signature))
    });
    is_signed.then_some(()).ok_or("no signature is valid")
}

/// Returns true if a signature is valid for a secret such as `whsec_…`.
fn verifies(secret: &str, signed: &[u8], signature: &str) -> bool {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap_or(secret));
    let (Ok(key), Ok(signature)) = (key, STANDARD.decode(signature)) else {
        return false;
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("any length is a key");
    mac.update(signed);
    mac.verify_slice(&signature).is_ok()
}

/// Sets the secrets that receivers know, over HTTP, as a list of texts.
pub(super) async fn trust(
    State(shared): State<Shared>,
    Json(secrets): Json<Vec<String>>,
) -> StatusCode {
    shared.lock().secrets = secrets;
    StatusCode::NO_CONTENT
}

fn refusal(status: u16, wait: Option<u64>) -> Response {
    refused(status, wait, format!("refused with {status}"))
}
