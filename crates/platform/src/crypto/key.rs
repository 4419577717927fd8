use std::fmt;

use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce, aead::Aead};
use hmac::{Hmac, Mac as _};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::{Digest as _, Sha256};

use super::{CryptoError, random};

/// Domain separator of the hash that a key's id is taken from.
const ID_OF: &[u8] = b"guildhall key id";

/// A key that encrypts values, so that a stolen copy of the database does not reveal them.
pub struct SecretKey(SecretBox<[u8; 32]>);

/// An identifier of a key that does not reveal it: the first 16 bytes of a hash of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 16]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&hex::encode(self.0))
    }
}

impl SecretKey {
    /// Generates a key.
    ///
    /// # Errors
    /// When the operating system provides no random bytes.
    pub fn fresh() -> Result<Self, CryptoError> {
        Ok(Self(SecretBox::new(Box::new(random()?))))
    }

    /// Parses a key of 64 hexadecimal digits. Errors name `place` as the source of the text.
    ///
    /// # Errors
    /// When the text is anything else.
    pub fn from_hex(text: &SecretString, place: &str) -> Result<Self, CryptoError> {
        let mut key = [0; 32];
        hex::decode_to_slice(text.expose_secret().trim(), &mut key)
            .map_err(|_| CryptoError::BadKey(place.to_owned()))?;
        Ok(Self(SecretBox::new(Box::new(key))))
    }

    pub(super) fn to_hex(&self) -> SecretString {
        hex::encode(self.0.expose_secret()).into()
    }

    #[must_use]
    pub fn id(&self) -> KeyId {
        let hash = Sha256::new_with_prefix(ID_OF).chain_update(self.0.expose_secret());
        let mut id = [0; 16];
        id.copy_from_slice(&hash.finalize()[..16]);
        KeyId(id)
    }

    /// Derives a key for one purpose, from which this key cannot be recovered.
    #[must_use]
    pub fn derived(&self, purpose: &str) -> SecretString {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.expose_secret())
            .expect("HMAC takes a key of any length");
        mac.update(purpose.as_bytes());
        hex::encode(mac.finalize().into_bytes()).into()
    }

    /// Returns a keyed hash of 32 hexadecimal digits, by which processes compare their keys.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.derived("fingerprint").expose_secret()[..32].to_owned()
    }

    /// Encrypts with XChaCha20-Poly1305; a fresh nonce precedes the ciphertext.
    ///
    /// # Errors
    /// When the operating system provides no random bytes.
    pub fn encrypt(&self, plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let nonce = random::<24>()?;
        let cipher = XChaCha20Poly1305::new(self.0.expose_secret().into());
        let sealed =
            cipher.encrypt(&XNonce::from(nonce), plain).map_err(|_| CryptoError::Undecryptable)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts a value encrypted by [`SecretKey::encrypt`].
    ///
    /// # Errors
    /// When the value was encrypted with another key, or was altered.
    pub fn decrypt(&self, sealed: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let (nonce, sealed) = sealed.split_first_chunk::<24>().ok_or(CryptoError::Undecryptable)?;
        let cipher = XChaCha20Poly1305::new(self.0.expose_secret().into());
        cipher.decrypt(&XNonce::from(*nonce), sealed).map_err(|_| CryptoError::Undecryptable)
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
    fn a_value_decrypts_with_its_own_key_only() {
        let sealed = key("a").encrypt(b"hook secret").expect("encrypted");
        assert_eq!(key("a").decrypt(&sealed).expect("decrypted"), b"hook secret");
        assert!(key("b").decrypt(&sealed).is_err());
        let mut changed = sealed.clone();
        *changed.last_mut().expect("bytes") ^= 1;
        assert!(key("a").decrypt(&changed).is_err());
        assert!(key("a").decrypt(&sealed[..10]).is_err());
        assert_ne!(key("a").encrypt(b"hook secret").expect("encrypted"), sealed);
    }

    /// Stored values refer to their key by this id, so it must never change.
    #[test]
    fn key_ids_are_stable_and_distinct() {
        assert_eq!(key("a").id().to_string(), "bec185f4f709a1aa66225ea8ac8b58d1");
        assert_ne!(key("a").id(), key("b").id());
    }
}
