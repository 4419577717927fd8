use kernel::Timestamp;
use platform::crypto::{self, CryptoError, SecretKey};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::ATTEMPT_LASTS;
use crate::model::ProvenAccount;

/// An account at a provider that its person has yet to confirm before it is linked. It is stored encrypted
/// in their browser, and not on the server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claim {
    pub shown: ProvenAccount,
    session: Uuid,
    ends_at: Timestamp,
}

impl Claim {
    /// Claims an account in a session.
    #[must_use]
    pub fn new(shown: ProvenAccount, session: Uuid, now: Timestamp) -> Self {
        Self { shown, session, ends_at: now + ATTEMPT_LASTS }
    }

    /// Encrypts the claim for the browser.
    ///
    /// # Errors
    /// When the operating system provides no random bytes.
    pub fn seal(&self, key: &SecretKey) -> Result<String, CryptoError> {
        let plain = serde_json::to_vec(self).expect("texts and instants are JSON");
        Ok(crypto::to_text(&key.encrypt(&plain)?))
    }

    /// Decrypts a claim; `None` when it is forged, has expired or belongs to another session.
    #[must_use]
    pub fn open(key: &SecretKey, sealed: &str, session: Uuid, now: Timestamp) -> Option<Self> {
        let plain = key.decrypt(&crypto::from_text(sealed)?).ok()?;
        let claim: Self = serde_json::from_slice(&plain).ok()?;
        (claim.session == session && now < claim.ends_at).then_some(claim)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::OpenIdAccount;

    #[test]
    fn a_claim_opens_only_in_its_own_session_until_it_expires() {
        let key = |digit: &str| SecretKey::from_hex(&digit.repeat(64).into(), "a test");
        let (key, other) = (key("a").expect("a key"), key("b").expect("a key"));
        let now: Timestamp = "2026-11-01T00:00:00Z".parse().expect("an instant");
        let (own, another) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let shown = ProvenAccount::OpenId(OpenIdAccount {
            issuer: "https://id.example".to_owned(),
            subject: "7".to_owned(),
            name: None,
            role: None,
        });
        let sealed = Claim::new(shown.clone(), own, now).seal(&key).expect("sealed");
        let open = |key, session, at| Claim::open(key, &sealed, session, at);
        assert_eq!(open(&key, own, now).map(|claim| claim.shown), Some(shown));
        assert!(open(&key, own, now + ATTEMPT_LASTS).is_none());
        assert!(open(&key, another, now).is_none());
        assert!(open(&other, own, now).is_none());
        assert!(Claim::open(&key, "zz", own, now).is_none());
    }
}
