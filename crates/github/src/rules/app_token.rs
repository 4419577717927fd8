//! The token by which a GitHub App names itself
//! (docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use kernel::Timestamp;
use serde::Deserialize;

use super::instant;

/// How long before the present a token begins, because GitHub's clock may be behind.
const EARLY: TimeDelta = TimeDelta::seconds(60);

/// How long a token is valid from its beginning, which is the longest that GitHub accepts.
const LASTS: TimeDelta = TimeDelta::minutes(10);

/// How long before its end a token of an installation is replaced.
const REPLACED: TimeDelta = TimeDelta::minutes(1);

/// Returns the part of a JSON web token (RFC 7519) that is signed by `RS256`: the algorithm, the App and the time.
#[must_use]
pub fn to_sign(app: i64, now: Timestamp) -> String {
    let begins = now - EARLY;
    let claims = format!(
        r#"{{"iat":{},"exp":{},"iss":"{app}"}}"#,
        begins.timestamp(),
        (begins + LASTS).timestamp()
    );
    let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","typ":"JWT"}"#);
    format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims))
}

/// Returns a token with its signature.
#[must_use]
pub fn with_signature(signed: &str, signature: &[u8]) -> String {
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The token of an installation, in GitHub's response
/// (docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app).
#[derive(Deserialize)]
pub struct InstallationToken {
    pub token: String,
    /// When it expires, an hour after it was created.
    #[serde(deserialize_with = "instant::of_text")]
    pub expires_at: Timestamp,
}

/// Returns true if a token that ends at `expires_at` can still be used.
#[must_use]
pub fn is_usable(expires_at: Timestamp, now: Timestamp) -> bool {
    now + REPLACED < expires_at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_token_begins_a_minute_early_and_lasts_ten() {
        for (app, now, claims) in [
            (
                190_001,
                "2026-11-01T08:00:00Z",
                r#"{"iat":1793519940,"exp":1793520540,"iss":"190001"}"#,
            ),
            (7, "1970-01-01T00:01:00.999Z", r#"{"iat":0,"exp":600,"iss":"7"}"#),
        ] {
            let signed = to_sign(app, at(now));
            let (head, rest) = signed.split_once('.').expect("two parts");
            let decoded = |part: &str| {
                let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64");
                String::from_utf8(bytes).expect("text")
            };
            assert_eq!(decoded(head), r#"{"alg":"RS256","typ":"JWT"}"#);
            assert_eq!(decoded(rest), claims);
        }
        assert_eq!(with_signature("a.b", &[0xff, 0xfe]), "a.b.__4");
    }

    #[test]
    fn a_token_is_replaced_a_minute_before_its_end() {
        let now = at("2026-11-01T08:00:00Z");
        for (expires_at, expected) in [
            ("2026-11-01T09:00:00Z", true),
            ("2026-11-01T08:01:01Z", true),
            ("2026-11-01T08:01:00Z", false),
            ("2026-11-01T07:59:00Z", false),
        ] {
            assert_eq!(is_usable(at(expires_at), now), expected, "{expires_at}");
        }
    }
}
