//! Headers of a delivery.

use axum::http::{HeaderMap, header};
use kernel::{Problem, ProblemKind};
use platform::config::LARGEST_BODY;

use super::refusals::{malformed, too_large, unsigned};

pub(super) fn check_type(headers: &HeaderMap) -> Result<(), Problem> {
    let content_type = text(headers, "content-type").unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Problem::new(
        ProblemKind::UnsupportedType,
        "UNSUPPORTED_MEDIA_TYPE",
        "Set the webhook's content type to application/json.",
    ))
}

/// Rejects an invalid signature before reading the body.
pub(super) fn check_signature_form(headers: &HeaderMap) -> Result<(), Problem> {
    let Some(signature) = text(headers, "x-hub-signature-256") else {
        let detail = "The X-Hub-Signature-256 header is missing. Set a secret in the webhook's settings on GitHub.";
        return Err(unsigned(detail));
    };
    let digits = signature.strip_prefix("sha256=").unwrap_or_default();
    if digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Ok(());
    }
    Err(unsigned("X-Hub-Signature-256 must be sha256= followed by 64 hexadecimal digits."))
}

pub(super) fn declared_length(headers: &HeaderMap) -> Result<Option<usize>, Problem> {
    match text(headers, header::CONTENT_LENGTH.as_str()).map(str::parse) {
        Some(Ok(length)) if length <= LARGEST_BODY => Ok(Some(length)),
        Some(_) => Err(too_large()),
        None => Ok(None),
    }
}

/// Returns the first half of the signature, which distinguishes bodies without hashing them again.
pub(super) fn fingerprint(headers: &HeaderMap) -> Vec<u8> {
    let signature = text(headers, "x-hub-signature-256").unwrap_or_default();
    let digits = signature.strip_prefix("sha256=").and_then(|digits| digits.get(..32));
    digits.and_then(|digits| hex::decode(digits).ok()).unwrap_or_default()
}

/// Returns true if a GitHub App claims to have sent the delivery
/// (docs.github.com/webhooks/webhook-events-and-payloads#delivery-headers).
pub(super) fn is_of_app(headers: &HeaderMap) -> bool {
    text(headers, "x-github-hook-installation-target-type") == Some("integration")
}

pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

pub(super) fn number(headers: &HeaderMap, name: &str) -> Option<i64> {
    text(headers, name).and_then(|value| value.parse().ok())
}

/// Returns a header of at most 100 characters.
pub(super) fn required(headers: &HeaderMap, name: &'static str) -> Result<String, Problem> {
    let value = text(headers, name).map(str::trim).unwrap_or_default();
    match value.len() {
        1..=100 => Ok(value.to_owned()),
        0 => Err(malformed(
            "MISSING_HEADER",
            format!("The {name} header is missing. Send it with each delivery."),
        )),
        _ => Err(malformed(
            "BAD_HEADER",
            format!("The {name} header is longer than 100 characters. Send at most 100."),
        )),
    }
}
