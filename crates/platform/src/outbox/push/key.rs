use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use kernel::Timestamp;
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use serde_json::json;

use super::store::{self, StoredKey};
use crate::{
    ActionError, Context,
    crypto::{CryptoError, KeyRing, SealedColumn, random},
};

/// The lock under which the key is created and re-encrypted.
const LOCK: &str = "outbox.push_keys";

/// The name of the only key. Replacing it would end every subscription.
const NAME: &str = "vapid";

/// The lifetime of a token, below the day that services allow.
const TOKEN_HOLDS: TimeDelta = TimeDelta::hours(12);

/// The column that holds the encrypted key.
pub const SEALED: SealedColumn = SealedColumn {
    table: "push_keys",
    column: "signing_secret",
    holds: "the key for web push",
    replaced: "delete it, and people add their browsers again",
    lock: LOCK,
};

/// The key that identifies this server to push services (RFC 8292).
#[derive(Clone)]
pub(super) struct VapidKey(SigningKey);

/// Returns the server's public key in the form that browsers expect. Creates the key on first use.
///
/// # Errors
/// When the key is encrypted with a key that is not in the ring, or the database fails.
pub async fn public_key(context: &Context, ring: &KeyRing) -> Result<String, ActionError> {
    Ok(ensure(context, ring).await?.public())
}

/// Returns the server's key, creating it on first use. It never changes because subscriptions are bound to it.
pub(super) async fn ensure(context: &Context, ring: &KeyRing) -> Result<VapidKey, ActionError> {
    if let Some(stored) = store::key(&context.db, NAME).await? {
        return VapidKey::unsealed(ring, &stored);
    }
    let tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    if let Some(stored) = store::key(&tx, NAME).await? {
        return VapidKey::unsealed(ring, &stored);
    }
    let key = VapidKey::fresh()?;
    let sealed = ring.seal(&key.0.to_bytes())?;
    let id = context.ids.next();
    store::insert_key(&tx, id, NAME, sealed, context.now()).await?;
    tx.commit().await?;
    Ok(key)
}

impl VapidKey {
    fn fresh() -> Result<Self, CryptoError> {
        loop {
            // Almost every 32-byte value is a valid key.
            if let Ok(key) = SigningKey::from_slice(&random::<32>()?) {
                return Ok(Self(key));
            }
        }
    }

    fn unsealed(ring: &KeyRing, stored: &StoredKey) -> Result<Self, ActionError> {
        let plain = ring.open(&stored.signing_secret)?;
        let key = SigningKey::from_slice(&plain).map_err(|_| CryptoError::Undecryptable)?;
        Ok(Self(key))
    }

    fn public(&self) -> String {
        let point = self.0.verifying_key().to_encoded_point(false);
        URL_SAFE_NO_PAD.encode(point.as_bytes())
    }

    /// Returns the `Authorization` header for a service at an origin, with the token's audience, expiry and
    /// contact (RFC 8292, sections 2 and 3).
    pub(super) fn authorization(&self, origin: &str, contact: &str, now: Timestamp) -> String {
        let part = |part: serde_json::Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let head = part(json!({ "typ": "JWT", "alg": "ES256" }));
        let until = (now + TOKEN_HOLDS).timestamp();
        let claims = part(json!({ "aud": origin, "exp": until, "sub": contact }));
        let signature: Signature = self.0.sign(format!("{head}.{claims}").as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
        format!("vapid t={head}.{claims}.{signature}, k={}", self.public())
    }
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::signature::Verifier as _;

    use super::*;

    #[test]
    fn the_authorization_is_signed_and_has_the_claims() {
        let key = VapidKey::fresh().expect("a key");
        let now = "2026-11-01T08:00:00Z".parse().expect("an instant");
        let shown = key.authorization("https://push.example", "https://guild.example", now);
        let (token, public) = shown
            .strip_prefix("vapid t=")
            .and_then(|rest| rest.split_once(", k="))
            .expect("a token and a key");
        assert_eq!((public.len(), public), (87, key.public().as_str()));
        let (said, signature) = token.rsplit_once('.').expect("a signature");
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).expect("base64");
        let signature = Signature::from_slice(&decode(signature)).expect("a signature");
        let verified = key.0.verifying_key().verify(said.as_bytes(), &signature);
        assert!(verified.is_ok());
        let (_, claims) = said.split_once('.').expect("claims");
        let claims: serde_json::Value = serde_json::from_slice(&decode(claims)).expect("JSON");
        assert_eq!(
            claims,
            json!({ "aud": "https://push.example", "exp": 1_793_563_200, "sub": "https://guild.example" })
        );
    }
}
