use chrono::TimeDelta;
use kernel::Timestamp;
use platform::crypto::{self, CryptoError, SecretKey};
use serde::{Deserialize, Serialize};

use uuid::Uuid;

use super::Provider;
use crate::rules;

/// How long a person can take to sign in at a provider.
pub const ATTEMPT_LASTS: TimeDelta = TimeDelta::minutes(10);

/// A sign-in in progress. It is stored encrypted in the browser that began it, and not on the server, so
/// that no other browser's callback is accepted.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignInAttempt {
    pub provider: Provider,
    state: String,
    /// The nonce that this attempt's ID token must contain.
    pub nonce: String,
    /// The secret that proves to the provider that the same browser redeems the code (PKCE).
    pub verifier: String,
    /// The local path to return to.
    pub return_to: String,
    /// The URL that the provider redirects the person to.
    pub callback: String,
    /// The session whose person links or connects the account, if they are already signed in.
    pub linking: Option<Uuid>,
    /// True if the account's token is stored, to manage webhooks with it.
    #[serde(default)]
    pub is_connection: bool,
    ends_at: Timestamp,
}

impl SignInAttempt {
    /// Begins an attempt.
    ///
    /// # Errors
    /// When the operating system provides no random bytes.
    pub fn new(
        provider: Provider,
        return_to: &str,
        callback: String,
        now: Timestamp,
    ) -> Result<Self, CryptoError> {
        Ok(Self {
            provider,
            state: crypto::token()?,
            nonce: crypto::token()?,
            verifier: crypto::token()?,
            return_to: return_to.to_owned(),
            callback,
            linking: None,
            is_connection: false,
            ends_at: now + ATTEMPT_LASTS,
        })
    }

    /// Makes the attempt link the account to the person of a session.
    #[must_use]
    pub fn to_link(self, session: Uuid) -> Self {
        Self { linking: Some(session), ..self }
    }

    /// Makes the attempt store the account's token for the person of a session.
    #[must_use]
    pub fn to_connect(self, session: Uuid) -> Self {
        Self { is_connection: true, ..self.to_link(session) }
    }

    /// Returns the state that the provider sends back.
    #[must_use]
    pub fn state(&self) -> &str {
        &self.state
    }

    /// Returns the hash of the verifier, which the provider receives first.
    #[must_use]
    pub fn challenge(&self) -> String {
        rules::challenge(&self.verifier)
    }

    /// Encrypts the attempt for the browser.
    ///
    /// # Errors
    /// When the operating system provides no random bytes.
    pub fn seal(&self, key: &SecretKey) -> Result<String, CryptoError> {
        let plain = serde_json::to_vec(self).expect("texts and an instant are JSON");
        Ok(crypto::to_text(&key.encrypt(&plain)?))
    }

    /// Decrypts an attempt; `None` when it is forged, has expired or has another state.
    #[must_use]
    pub fn open(key: &SecretKey, sealed: &str, state: &str, now: Timestamp) -> Option<Self> {
        let plain = key.decrypt(&crypto::from_text(sealed)?).ok()?;
        let attempt: Self = serde_json::from_slice(&plain).ok()?;
        let is_ours = rules::is_same(&attempt.state, state) && now < attempt.ends_at;
        is_ours.then_some(attempt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_opens_only_with_its_own_state_until_it_expires() {
        let key = |digit: &str| SecretKey::from_hex(&digit.repeat(64).into(), "a test");
        let (key, other) = (key("a").expect("a key"), key("b").expect("a key"));
        let now: Timestamp = "2026-11-01T00:00:00Z".parse().expect("an instant");
        let attempt = SignInAttempt::new(Provider::Github, "/x", "http://guild/back".into(), now)
            .expect("an attempt");
        let sealed = attempt.seal(&key).expect("sealed");
        let open = |key, state: &str, at| SignInAttempt::open(key, &sealed, state, at).is_some();
        assert!(open(&key, attempt.state(), now));
        assert!(!open(&key, attempt.state(), now + ATTEMPT_LASTS));
        assert!(!open(&key, "another", now));
        assert!(!open(&other, attempt.state(), now));
        assert!(SignInAttempt::open(&key, "zz", attempt.state(), now).is_none());
        let again =
            SignInAttempt::new(Provider::Github, "/x", String::new(), now).expect("an attempt");
        assert!(again.state != attempt.state && again.verifier != attempt.verifier);
        assert!(again.nonce != attempt.nonce && again.nonce != again.state);
    }
}
