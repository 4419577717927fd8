//! Access tokens: JSON Web Tokens (RFC 7519), signed with HMAC-SHA256 and the server's own keys.

use std::{fmt, sync::Arc};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use kernel::{Problem, Timestamp};
use platform::{
    crypto::{self, SecretKey},
    module::Services,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{expired_token, invalid_token};
use crate::model::UserId;

/// The lifetime of an access token.
pub const ACCESS_LASTS: TimeDelta = TimeDelta::minutes(30);

/// The header of every token. Any other header is rejected, so the algorithm that a token names is never
/// used.
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
/// The audience of tokens.
const AUDIENCE: &str = "guildhall-api";

/// Returns the current keys, newest first: the newest signs, and all of them verify.
type Keys = dyn Fn() -> Vec<SecretString> + Send + Sync;

/// Issues and reads access tokens.
#[derive(Clone)]
pub struct Signer {
    keys: Arc<Keys>,
    issuer: String,
}

/// The contents of an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    pub user_id: UserId,
    /// The family of refresh tokens that it belongs to.
    pub family: Uuid,
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    iat: i64,
    exp: i64,
}

impl Signer {
    /// Creates a signer with keys derived from the application's key ring, and its public URL as the
    /// issuer.
    #[must_use]
    pub fn of(services: &Services) -> Self {
        let issuer = services.config.public_url.as_deref().unwrap_or("guildhall");
        let ring = services.ring.clone();
        let derived = |key: &SecretKey| key.derived("access tokens");
        let keys = move || ring.keys().all().iter().map(derived).collect();
        Self::new(keys, issuer.to_owned())
    }

    /// Creates a signer with keys, newest first, and the server's URL as the issuer.
    #[must_use]
    pub fn new(
        keys: impl Fn() -> Vec<SecretString> + Send + Sync + 'static,
        issuer: String,
    ) -> Self {
        let keys = Arc::new(keys);
        Self { keys, issuer }
    }

    /// Issues a token that is valid from `now`.
    #[must_use]
    pub fn issue(&self, access: Access, now: Timestamp) -> String {
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: access.user_id.0,
            sid: access.family,
            iat: now.timestamp(),
            exp: (now + ACCESS_LASTS).timestamp(),
        };
        let claims = serde_json::to_vec(&claims).unwrap_or_default();
        let signed = format!("{}.{}", coded(HEADER), coded(claims));
        let keys = (self.keys)();
        let newest = keys.first().expect("a ring holds a key");
        let tag = crypto::tag(newest, signed.as_bytes());
        format!("{signed}.{}", coded(tag))
    }

    /// Reads a token.
    ///
    /// # Errors
    /// When it was not issued by this server, or has expired.
    pub fn read(&self, token: &str, now: Timestamp) -> Result<Access, Problem> {
        let claims = self.claims(token).ok_or_else(invalid_token)?;
        if now.timestamp() >= claims.exp {
            return Err(expired_token());
        }
        Ok(Access { user_id: claims.sub.into(), family: claims.sid })
    }

    fn claims(&self, token: &str) -> Option<Claims> {
        let (signed, tag) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let tag = decoded(tag)?;
        let signs = |key: &SecretString| crypto::tag_is_valid(key, signed.as_bytes(), &tag);
        if !(self.keys)().iter().any(signs) || header != coded(HEADER) {
            return None;
        }
        let claims: Claims = serde_json::from_slice(&decoded(claims)?).ok()?;
        (claims.iss == self.issuer && claims.aud == AUDIENCE).then_some(claims)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

fn coded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCESS: Access =
        Access { user_id: UserId::new(Uuid::from_u128(1)), family: Uuid::from_u128(2) };

    fn signer(key: &str, issuer: &str) -> Signer {
        let key = key.to_owned();
        Signer::new(move || vec![key.clone().into()], issuer.to_owned())
    }

    fn now() -> Timestamp {
        "2026-11-01T00:00:00.9Z".parse().expect("an instant")
    }

    /// Signs any header and claims with the server's key.
    fn forged(header: &str, claims: &str) -> String {
        let signed = format!("{}.{}", coded(header), coded(claims));
        let tag = crypto::tag(&"key".to_owned().into(), signed.as_bytes());
        format!("{signed}.{}", coded(tag))
    }

    #[test]
    fn a_token_is_read_where_it_was_issued_until_it_expires() {
        let signer = signer("key", "https://guild.example");
        let token = signer.issue(ACCESS, now());
        let read = |after| signer.read(&token, now() + after).map_err(|p| p.code);
        assert_eq!(read(TimeDelta::zero()), Ok(ACCESS));
        assert_eq!(read(ACCESS_LASTS - TimeDelta::seconds(1)), Ok(ACCESS));
        assert_eq!(read(ACCESS_LASTS), Err("TOKEN_EXPIRED"));
        let header = token.split('.').next().expect("a header");
        assert_eq!(header, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9");
    }

    #[test]
    fn a_token_that_was_not_issued_here_is_refused() {
        let ours = signer("key", "https://guild.example");
        let token = ours.issue(ACCESS, now());
        let claims = |iss: &str, aud: &str| {
            format!(
                r#"{{"iss":"{iss}","aud":"{aud}","sub":"{}","sid":"{}","iat":0,"exp":9999999999}}"#,
                ACCESS.user_id, ACCESS.family
            )
        };
        let right = claims("https://guild.example", AUDIENCE);
        assert_eq!(ours.read(&forged(HEADER, &right), now()), Ok(ACCESS));
        let parts: Vec<&str> = token.split('.').collect();
        for wrong in [
            "",
            ".",
            "..",
            "a.b.c",
            &signer("other", "https://guild.example").issue(ACCESS, now()),
            &signer("key", "https://other.example").issue(ACCESS, now()),
            &forged(HEADER, &claims("https://guild.example", "other")),
            &forged(HEADER, "{}"),
            &forged(HEADER, &right.replace("9999999999", "\"never\"")),
            &forged(HEADER, &right.replace(r#","exp":9999999999"#, "")),
            &forged(r#"{"alg":"none"}"#, &right),
            &forged(r#"{"typ":"JWT","alg":"HS256"}"#, &right),
            &format!("{}.{}.", coded(r#"{"alg":"none"}"#), parts[1]),
            &format!("{}.{}.", parts[0], parts[1]),
            &format!("{}.{}", parts[0], parts[1]),
            &format!("{token}A"),
            &format!("{token}.{}", parts[2]),
            &token.to_uppercase(),
        ] {
            let refused = ours.read(wrong, now()).expect_err(wrong);
            assert_eq!(refused.code, "TOKEN_INVALID", "{wrong}");
        }
    }
}
