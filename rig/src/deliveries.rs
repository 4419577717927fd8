//! Webhook deliveries as GitHub sends them.

use anyhow::{Result, ensure};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::http::Connection;

pub(crate) const PATH: &str = "/api/v1/webhooks/github";

pub(crate) struct Delivery<'a> {
    /// The value of `X-GitHub-Event`.
    pub(crate) event: &'a str,
    /// The value of `X-GitHub-Delivery`.
    pub(crate) id: &'a str,
    /// The body's bytes.
    pub(crate) body: &'a [u8],
}

impl Delivery<'_> {
    /// Returns the complete request, signed with `secret`.
    pub(crate) fn request(&self, secret: &str) -> Vec<u8> {
        let signature = signature(secret, self.body);
        let head = head(self.event, self.id, &signature, self.body.len());
        [head.as_bytes(), self.body].concat()
    }

    /// Returns the complete request of a repository's own webhook.
    pub(crate) fn request_of_hook(&self, hook: u64, secret: &str) -> Vec<u8> {
        let signature = signature(secret, self.body);
        let head = head(self.event, self.id, &signature, self.body.len());
        let head = head.replacen("\r\n", &format!("\r\nX-GitHub-Hook-ID: {hook}\r\n"), 1);
        [head.as_bytes(), self.body].concat()
    }
}

/// Sends a server a delivery that it cannot process: its number is not a number.
pub(crate) async fn send_unreadable(port: u16, secret: &str, repository: &str) -> Result<()> {
    let repository = json!({ "id": 990_777, "full_name": repository });
    let body = json!({ "action": "opened", "number": "seven", "repository": repository });
    let body = body.to_string();
    let id = id("unreadable", 1);
    let delivery = Delivery { event: "pull_request", id: &id, body: body.as_bytes() };
    let mut connection = Connection::open(port).await?;
    let answer = connection.send(&delivery.request(secret)).await?;
    ensure!(answer.status == 202, "it was answered {}", answer.status);
    Ok(())
}

/// Returns a request's head, including the final empty line.
pub(crate) fn head(event: &str, id: &str, signature: &str, length: usize) -> String {
    format!(
        "POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: GitHub-Hookshot/044aadd\r\nAccept: */*\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\nX-GitHub-Event: {event}\r\n\
         X-GitHub-Delivery: {id}\r\nX-Hub-Signature-256: sha256={signature}\r\n\r\n"
    )
}

/// Returns the HMAC-SHA256 of the raw body in hexadecimal digits.
pub(crate) fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

/// Returns a delivery ID in the form of a UUID, derived from the run and the number.
pub(crate) fn id(run: &str, number: u64) -> String {
    let digest = hex::encode(Sha256::digest(format!("{run} {number}")));
    let (a, b, c, d) = (&digest[..8], &digest[8..12], &digest[13..16], &digest[17..20]);
    format!("{a}-{b}-4{c}-8{d}-{}", &digest[20..32])
}

#[cfg(test)]
mod tests {
    use super::{id, signature};

    #[test]
    fn the_signature_matches_githubs_example() {
        // The example in GitHub's documentation on validating deliveries.
        let expected = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        assert_eq!(signature("It's a Secret to Everybody", b"Hello, World!"), expected);
    }

    #[test]
    fn ids_are_unique_and_look_like_uuids() {
        assert_eq!(id("run", 1).len(), 36);
        assert_ne!(id("run", 1), id("run", 2));
    }
}
