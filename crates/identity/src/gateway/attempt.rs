use chrono::TimeDelta;
use kernel::Timestamp;
use platform::crypto::{self, CryptoError, SecretKey};
use serde::{Deserialize, Serialize};

use uuid::Uuid;

use super::Provider;
use crate::rules;

/// How long a person may take at a provider.
pub const ATTEMPT_LASTS: TimeDelta = TimeDelta::minutes(10);

/// A sign-in under way. It is stored in the browser that began it, encrypted, and nowhere on the server, so that
/// no other browser's callback is accepted there.
#[derive(Clone, Serialize, Deserialize)]
pub struct Attempt {
    /// The provider.
    pub provider: Provider,
    state: String,
    /// The nonce that an ID token of this attempt must have.
    pub nonce: String,
    /// The secret that proves to the provider that the same browser redeems the code (PKCE).
    pub verifier: String,
    /// The path of this server to return to.
    pub return_to: String,
    /// The address that the provider sends the person back to.
    pub callback: String,
    /// The session whose person links the account, when they are signed in already.
    pub linking: Option<Uuid>,
    ends_at: Timestamp,
}

impl Attempt {
    /// Begins an attempt.
    ///
    /// # Errors
    /// When the machine gives no random bytes.
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
            ends_at: now + ATTEMPT_LASTS,
        })
    }

    /// Turns the attempt into one that links the account to the person of a session.
    #[must_use]
    pub fn to_link(self, session: Uuid) -> Self {
        Self {
            linking: Some(session),
            ..self
        }
    }

    /// The state that comes back with the person.
    #[must_use]
    pub fn state(&self) -> &str {
        &self.state
    }

    /// The hash of the verifier that the provider gets first.
    #[must_use]
    pub fn challenge(&self) -> String {
        rules::challenge(&self.verifier)
    }

    /// Encrypts the attempt for the browser.
    ///
    /// # Errors
    /// When the machine gives no random bytes.
    pub fn seal(&self, key: &SecretKey) -> Result<String, CryptoError> {
        let plain = serde_json::to_vec(self).expect("texts and an instant are JSON");
        Ok(crypto::to_text(&key.encrypt(&plain)?))
    }

    /// Reads what the browser kept; none when it is forged, too old, or belongs to another state.
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
    fn only_its_own_state_opens_it_and_not_for_long() {
        let key = |digit: &str| SecretKey::from_hex(&digit.repeat(64).into(), "a test");
        let (key, other) = (key("a").expect("a key"), key("b").expect("a key"));
        let now: Timestamp = "2026-11-01T00:00:00Z".parse().expect("an instant");
        let attempt = Attempt::new(Provider::Github, "/x", "http://guild/back".into(), now)
            .expect("an attempt");
        let sealed = attempt.seal(&key).expect("sealed");
        let open = |key, state: &str, at| Attempt::open(key, &sealed, state, at).is_some();
        assert!(open(&key, attempt.state(), now));
        assert!(!open(&key, attempt.state(), now + ATTEMPT_LASTS));
        assert!(!open(&key, "another", now));
        assert!(!open(&other, attempt.state(), now));
        assert!(Attempt::open(&key, "zz", attempt.state(), now).is_none());
        let again = Attempt::new(Provider::Github, "/x", String::new(), now).expect("an attempt");
        assert!(again.state != attempt.state && again.verifier != attempt.verifier);
        assert!(again.nonce != attempt.nonce && again.nonce != again.state);
    }
}
