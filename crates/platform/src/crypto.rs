//! Encryption of secrets at rest, and signatures.

#[cfg(test)]
mod fuzz;
mod key;
mod place;
mod ring;
mod rsa;
mod sealed;
mod store;

use std::{io, path::PathBuf};

use hmac::{Hmac, KeyInit as _, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

pub use self::ring::{KeyRing, Keys, RingLock};
pub use key::{KeyId, SecretKey};
pub use rsa::RsaKey;
pub use sealed::{KeyUsage, reseal, sealed_values, survey};
pub use store::SealedColumn;

/// An error of keys, encrypted values or the source of randomness.
#[derive(Debug, thiserror::Error)]
pub enum CryptoError {
    /// The key file cannot be read or created.
    #[error("cannot use the key file {path}: {source}")]
    KeyFile { path: PathBuf, source: io::Error },
    /// The key is not 32 bytes in hexadecimal.
    #[error(
        "{0} is not a secret key of 64 hexadecimal digits (32 bytes): restore the key used so far, or \
         create one for a new installation with `openssl rand -hex 32`"
    )]
    BadKey(String),
    /// Two keys are marked for the links in emails.
    #[error("{0} has two keys for emails: keep one line that starts with `emails`")]
    TwoForEmails(String),
    /// The operator provides the keys, so this program cannot change them.
    #[error("the keys are set by GUILDHALL_SECRET_KEY: change them there")]
    Given,
    /// Another command is rotating the keys.
    #[error("another key rotation is in progress: wait for it to finish")]
    Busy,
    /// The value was encrypted with another key, or was altered.
    #[error("a stored secret cannot be decrypted: it was encrypted with a different secret key")]
    Undecryptable,
    /// The operating system provides no random bytes.
    #[error("the operating system provides no random bytes")]
    NoRandomness,
}

/// Generates a random secret of 64 hexadecimal digits.
///
/// # Errors
/// When the operating system provides no random bytes.
pub fn token() -> Result<String, CryptoError> {
    Ok(hex::encode(random::<32>()?))
}

/// Encodes bytes as text that fits in a header.
#[must_use]
pub fn to_text(bytes: &[u8]) -> String {
    hex::encode(bytes)
}

/// Decodes the text of [`to_text`].
#[must_use]
pub fn from_text(text: &str) -> Option<Vec<u8>> {
    hex::decode(text).ok()
}

/// Generates random bytes.
///
/// # Errors
/// When the operating system provides none.
pub fn random<const N: usize>() -> Result<[u8; N], CryptoError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| CryptoError::NoRandomness)?;
    Ok(bytes)
}

/// Verifies an `X-Hub-Signature-256` header (`sha256=<64 hex digits>`) over raw bytes, in constant time.
#[must_use]
pub fn signature_is_valid(secret: &SecretString, body: &[u8], header: &str) -> bool {
    let mut given = [0; 32];
    let Some(digits) = header.strip_prefix("sha256=") else {
        return false;
    };
    if hex::decode_to_slice(digits, &mut given).is_err() {
        return false;
    }
    mac(secret, body).verify_slice(&given).is_ok()
}

/// Returns the `X-Hub-Signature-256` header for raw bytes.
#[must_use]
pub fn sign(secret: &SecretString, body: &[u8]) -> String {
    format!("sha256={}", hex::encode(mac(secret, body).finalize().into_bytes()))
}

/// Computes the HMAC-SHA256 of bytes: 32 bytes.
#[must_use]
pub fn tag(secret: &SecretString, bytes: &[u8]) -> Vec<u8> {
    mac(secret, bytes).finalize().into_bytes().to_vec()
}

/// Verifies a tag made by [`tag`], in constant time.
#[must_use]
pub fn tag_is_valid(secret: &SecretString, bytes: &[u8], tag: &[u8]) -> bool {
    mac(secret, bytes).verify_slice(tag).is_ok()
}

/// Returns true if a text is the secret, compared in constant time.
#[must_use]
pub fn is_secret(secret: &SecretString, given: &str) -> bool {
    let expected = tag(secret, secret.expose_secret().as_bytes());
    tag_is_valid(secret, given.as_bytes(), &expected)
}

fn mac(secret: &SecretString, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .expect("HMAC takes a key of any length");
    mac.update(body);
    mac
}

/// Returns the first 16 bytes of the SHA-256 digest, which suffice to compare contents.
#[must_use]
pub fn digest(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes)[..16].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_match_the_example_of_the_rfc() {
        // RFC 4231, test case 2.
        let (secret, said) = ("Jefe".to_owned().into(), b"what do ya want for nothing?");
        let tag = tag(&secret, said);
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hex::encode(&tag), expected);
        assert!(tag_is_valid(&secret, said, &tag));
        assert!(!tag_is_valid(&secret, said, &tag[..31]) && !tag_is_valid(&secret, b"", &tag));
    }

    #[test]
    fn signatures_match_githubs_example() {
        // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
        let secret = "It's a Secret to Everybody".into();
        let header = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        assert!(signature_is_valid(&secret, b"Hello, World!", header));
        assert_eq!(sign(&secret, b"Hello, World!"), header);
        for wrong in ["", "sha256=", "sha1=757107ea", &header[..70], &header.replace('7', "8")] {
            assert!(!signature_is_valid(&secret, b"Hello, World!", wrong), "{wrong}");
        }
    }
}
