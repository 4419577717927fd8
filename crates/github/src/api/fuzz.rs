//! Headers of deliveries, which any client can send, never cause a panic.

use axum::http::{HeaderMap, HeaderValue};
use testkit::growth::linear;

use super::headers::{
    check_signature_form, check_type, declared_length, fingerprint, number, required,
};

const NAMES: [&str; 5] = [
    "content-type",
    "content-length",
    "x-hub-signature-256",
    "x-github-hook-id",
    "x-github-delivery",
];

/// Each line is the value of one header.
#[test]
fn headers_of_deliveries() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let mut headers = HeaderMap::new();
        for (name, line) in NAMES.iter().zip(bytes.split(|byte| *byte == b'\n')) {
            if let Ok(value) = HeaderValue::from_bytes(line) {
                headers.append(*name, value);
            }
        }
        let _ = check_type(&headers);
        let _ = declared_length(&headers);
        let _ = number(&headers, "x-github-hook-id");
        if let Ok(delivery) = required(&headers, "x-github-delivery") {
            assert!((1..=100).contains(&delivery.len()), "{delivery}");
        }
        if check_signature_form(&headers).is_ok() {
            assert_eq!(fingerprint(&headers).len(), 16);
        }
    }));
}
