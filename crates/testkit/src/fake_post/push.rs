use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier as _};
use serde::Deserialize;
use serde_json::json;

use super::{PostState, Shared, header, refused};

/// The maximum size of a message in bytes.
const LARGEST: usize = 4_096;
/// The maximum lifetime of a token in seconds (RFC 8292, section 2).
const LONGEST_TOKEN: i64 = 86_400;

/// A browser vendor's push service (RFC 8030): accepts encrypted messages (RFC 8291) from identified servers (RFC
/// 8292). The browser `gone` has unsubscribed, and `unknown` never subscribed.
pub(super) async fn take(
    State(shared): State<Shared>,
    Path(browser): Path<String>,
    headers: HeaderMap,
    raw: Bytes,
) -> Response {
    if let Some(refusal) = shared.fault(refusal).await {
        return refusal;
    }
    match browser.as_str() {
        "gone" => return refusal(410, None),
        "unknown" => return refusal(404, None),
        _ => {}
    }
    if let Err(status) = judge(&mut shared.lock(), &browser, &headers, &raw) {
        return refusal(status, None);
    }
    let path = format!("/push/{browser}");
    shared.take("push", &path, headers, raw);
    let location = format!("/message/{browser}");
    (StatusCode::CREATED, [("location", location)]).into_response()
}

fn judge(
    inner: &mut PostState,
    browser: &str,
    headers: &HeaderMap,
    raw: &Bytes,
) -> Result<(), u16> {
    let given = |name| header(headers, name);
    if raw.len() > LARGEST {
        return Err(413);
    }
    let has_ttl = given("ttl").is_some_and(|ttl| ttl.parse::<u32>().is_ok());
    let is_topic = |topic: &str| {
        let is_url_safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        topic.len() <= 32 && topic.bytes().all(is_url_safe)
    };
    let is_urgency = |word: &str| ["very-low", "low", "normal", "high"].contains(&word);
    let is_sealed = given("content-encoding") == Some("aes128gcm");
    if !has_ttl
        || !is_sealed
        || !given("topic").is_none_or(is_topic)
        || !given("urgency").is_none_or(is_urgency)
    {
        return Err(400);
    }
    let now = inner.clock.as_ref().map(|clock| clock.now().timestamp());
    let origin = format!("http://{}", given("host").unwrap_or_default());
    let key = signer(given("authorization").unwrap_or_default(), &origin, now).ok_or(401_u16)?;
    // A subscription is bound to the first key it is used with, as if the browser had named that key.
    let bound = inner.bound.entry(browser.to_owned());
    if bound.or_insert_with(|| key.clone()) == &key { Ok(()) } else { Err(403) }
}

#[derive(Deserialize)]
struct Claims {
    aud: String,
    exp: i64,
    sub: String,
}

/// Returns the key that signed a token, if the token is for this service and currently valid.
fn signer(shown: &str, origin: &str, now: Option<i64>) -> Option<String> {
    let (mut token, mut key) = (None, None);
    for part in shown.strip_prefix("vapid ")?.split(',') {
        match part.trim().split_once('=')? {
            ("t", value) => token = Some(value),
            ("k", value) => key = Some(value),
            _ => {}
        }
    }
    let (token, key) = (token?, key?);
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
    let (said, signature) = token.rsplit_once('.')?;
    let (head, claims) = said.split_once('.')?;
    let head: serde_json::Value = serde_json::from_slice(&decode(head)?).ok()?;
    let claims: Claims = serde_json::from_slice(&decode(claims)?).ok()?;
    let signature = Signature::from_slice(&decode(signature)?).ok()?;
    let public = VerifyingKey::from_sec1_bytes(&decode(key)?).ok()?;
    public.verify(said.as_bytes(), &signature).ok()?;
    let holds = now.is_none_or(|now| (now + 1..=now + LONGEST_TOKEN).contains(&claims.exp));
    let is_contact = ["https://", "http://127.0.0.1", "mailto:"]
        .iter()
        .any(|beginning| claims.sub.starts_with(beginning));
    let is_for_us = head["alg"] == "ES256" && claims.aud == origin && is_contact;
    (holds && is_for_us).then(|| key.to_owned())
}

fn refusal(status: u16, wait: Option<u64>) -> Response {
    let (errno, error, message) = match status {
        400 => (110, "Bad Request", "Invalid crypto-key header"),
        401 => (109, "Unauthorized", "Invalid authentication"),
        403 => (109, "Forbidden", "VAPID public key mismatch"),
        404 => (102, "Not Found", "Invalid URL endpoint"),
        410 => (106, "Gone", "Request did not validate"),
        413 => (104, "Payload Too Large", "This message is intended for a constrained device"),
        429 => (202, "Too Many Requests", "Temporary failure, try again later"),
        _ => (201, "Service Unavailable", "Use exponential back-off for retries"),
    };
    let more = "http://autopush.readthedocs.io/en/latest/http.html#error-codes";
    let body = json!({
        "code": status, "errno": errno, "error": error, "message": message, "more_info": more,
    });
    refused(status, wait, Json(body))
}
