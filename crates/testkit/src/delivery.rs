//! Webhook deliveries as GitHub sends them, and files with one delivery per line as JSON.

use std::io::{self, BufRead, Write};

use hmac::{Hmac, KeyInit, Mac};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::Sha256;
use uuid::Uuid;

/// A webhook delivery. The body is stored as the signed bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Delivery {
    /// The time of the event, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// The header `X-GitHub-Event`.
    pub event: String,
    /// The header `X-GitHub-Delivery`.
    pub delivery: Uuid,
    pub body: Box<RawValue>,
}

impl Delivery {
    /// Returns the body's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.body.get().as_bytes()
    }

    /// Returns the headers that GitHub sends with the delivery, signed with `secret`.
    #[must_use]
    pub fn headers(&self, secret: &str, hook_id: Option<i64>) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("Content-Type", String::from("application/json")),
            ("User-Agent", String::from("GitHub-Hookshot/0f4k3d0")),
            ("X-GitHub-Event", self.event.clone()),
            ("X-GitHub-Delivery", self.delivery.to_string()),
            ("X-Hub-Signature-256", sign(secret, self.bytes())),
        ];
        headers.extend(hook_id.map(|id| ("X-GitHub-Hook-ID", id.to_string())));
        headers
    }
}

/// Returns the value of `X-Hub-Signature-256` for a body.
#[must_use]
pub fn sign(secret: &str, body: &[u8]) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// Writes one delivery per line.
///
/// # Errors
/// When the writer fails.
pub fn write_jsonl(
    mut out: impl Write,
    deliveries: impl IntoIterator<Item = Delivery>,
) -> io::Result<()> {
    for delivery in deliveries {
        serde_json::to_writer(&mut out, &delivery)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Reads the format of [`write_jsonl`]. Empty lines are skipped.
pub fn read_jsonl(input: impl BufRead) -> impl Iterator<Item = io::Result<Delivery>> {
    input
        .lines()
        .filter(|line| !matches!(line, Ok(text) if text.trim().is_empty()))
        .map(|line| Ok(serde_json::from_str(&line?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(body: &str) -> Delivery {
        Delivery {
            at: "2026-10-01T12:00:00Z".parse().ok(),
            event: String::from("ping"),
            delivery: Uuid::from_u128(7),
            body: RawValue::from_string(body.to_owned()).expect("JSON"),
        }
    }

    #[test]
    fn the_signature_matches_githubs_example() {
        assert_eq!(
            sign("It's a Secret to Everybody", b"Hello, World!"),
            "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        );
    }

    #[test]
    fn a_file_preserves_the_bytes_of_bodies() {
        let body = r#"{"title":"a\u0000b",  "n":1.50}"#;
        let mut file = Vec::new();
        write_jsonl(&mut file, [delivery(body), delivery("{}")]).expect("written");
        file.extend_from_slice(b"\n");
        let read: Vec<Delivery> = read_jsonl(&file[..]).collect::<io::Result<_>>().expect("read");
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].bytes(), body.as_bytes());
        assert_eq!(read[0].at, delivery("{}").at);
        assert!(read_jsonl(&b"{\n"[..]).next().expect("a line").is_err());
    }

    #[test]
    fn the_hook_id_is_sent_when_it_is_known() {
        let named = delivery("{}").headers("secret", Some(9));
        assert!(named.contains(&("X-GitHub-Hook-ID", String::from("9"))));
        assert_eq!(delivery("{}").headers("secret", None).len(), named.len() - 1);
    }
}
