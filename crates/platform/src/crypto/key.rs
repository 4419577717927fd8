use std::fmt;

use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce, aead::Aead};
use hmac::{Hmac, Mac as _};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::{Digest as _, Sha256};

use super::{CryptoError, random};

/// Prefix of the hash that makes a key's id, so that it is the hash of nothing else.
const ID_OF: &[u8] = b"guildhall key id";

/// Encrypts values, so that a stolen copy of the database does not reveal them.
pub struct SecretKey(SecretBox<[u8; 32]>);

/// The name of a key where it must not be shown: the first 16 bytes of a hash of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 16]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&hex::encode(self.0))
    }
}

impl SecretKey {
    /// A fresh one.
    ///
    /// # Errors
    /// When the machine gives no random bytes.
    pub fn fresh() -> Result<Self, CryptoError> {
        Ok(Self(SecretBox::new(Box::new(random()?))))
    }

    /// A key from 64 hexadecimal digits; `place` is where a person finds them.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn from_hex(text: &SecretString, place: &str) -> Result<Self, CryptoError> {
        let mut key = [0; 32];
        hex::decode_to_slice(text.expose_secret().trim(), &mut key)
            .map_err(|_| CryptoError::BadKey(place.to_owned()))?;
        Ok(Self(SecretBox::new(Box::new(key))))
    }

    pub(super) fn to_hex(&self) -> SecretString {
        hex::encode(self.0.expose_secret()).into()
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> KeyId {
        let hash = Sha256::new_with_prefix(ID_OF).chain_update(self.0.expose_secret());
        let mut id = [0; 16];
        id.copy_from_slice(&hash.finalize()[..16]);
        KeyId(id)
    }

    /// A key of its own for a purpose, which tells nothing of this one.
    #[must_use]
    pub fn derived(&self, purpose: &str) -> SecretString {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.expose_secret())
            .expect("HMAC takes a key of any length");
        mac.update(purpose.as_bytes());
        hex::encode(mac.finalize().into_bytes()).into()
    }

    /// Encrypts with XChaCha20-Poly1305; a fresh nonce precedes the ciphertext.
    ///
    /// # Errors
    /// When the machine gives no random bytes.
    pub fn encrypt(&self, plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let nonce = random::<24>()?;
        let cipher = XChaCha20Poly1305::new(self.0.expose_secret().into());
        let sealed = cipher
            .encrypt(&XNonce::from(nonce), plain)
            .map_err(|_| CryptoError::Undecryptable)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts what [`SecretKey::encrypt`] gave.
    ///
    /// # Errors
    /// When it was encrypted under another key or was changed.
    pub fn decrypt(&self, sealed: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let (nonce, sealed) = sealed
            .split_first_chunk::<24>()
            .ok_or(CryptoError::Undecryptable)?;
        let cipher = XChaCha20Poly1305::new(self.0.expose_secret().into());
        cipher
            .decrypt(&XNonce::from(*nonce), sealed)
            .map_err(|_| CryptoError::Undecryptable)
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(digit: &str) -> SecretKey {
        SecretKey::from_hex(&digit.repeat(64).into(), "a test").expect("a key")
    }

    #[test]
    fn a_secret_comes_back_under_its_own_key_only() {
        let sealed = key("a").encrypt(b"hook secret").expect("encrypted");
        assert_eq!(
            key("a").decrypt(&sealed).expect("decrypted"),
            b"hook secret"
        );
        assert!(key("b").decrypt(&sealed).is_err());
        let mut changed = sealed.clone();
        *changed.last_mut().expect("bytes") ^= 1;
        assert!(key("a").decrypt(&changed).is_err());
        assert!(key("a").decrypt(&sealed[..10]).is_err());
        assert_ne!(key("a").encrypt(b"hook secret").expect("encrypted"), sealed);
    }

    /// Stored values name their key by it: it may never change.
    #[test]
    fn an_id_says_which_key_and_shows_none_of_it() {
        assert_eq!(
            key("a").id().to_string(),
            "bec185f4f709a1aa66225ea8ac8b58d1"
        );
        assert_ne!(key("a").id(), key("b").id());
    }
}
