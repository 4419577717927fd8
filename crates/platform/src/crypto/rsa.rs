//! RSA keys that sign requests to external services.

use std::{fmt, sync::Arc};

use ::ring::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::CryptoError;

/// The length of the longest accepted text of a key, in bytes. Keys of 8192 bits take less than half of it.
const LONGEST: usize = 16 << 10;

/// The kinds of private keys in PEM: PKCS #1, as GitHub writes them, and PKCS #8.
const KINDS: [&str; 2] = ["RSA PRIVATE KEY", "PRIVATE KEY"];

/// A private RSA key, which is never printed. Clones share it.
#[derive(Clone)]
pub struct RsaKey(Arc<RsaKeyPair>);

impl RsaKey {
    /// Reads a key of 2048 to 4096 bits in PEM (RFC 7468), whose lines may also be separated by `\n`, as in variables.
    /// `None` for any other text.
    #[must_use]
    pub fn from_pem(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let text = text.replace("\\n", "\n");
        let key = KINDS.iter().find_map(|kind| {
            let bytes = between(&text, kind)?;
            let key = match *kind {
                "PRIVATE KEY" => RsaKeyPair::from_pkcs8(&bytes),
                _ => RsaKeyPair::from_der(&bytes),
            };
            key.ok()
        });
        Some(Self(Arc::new(key?)))
    }

    /// Signs bytes by RSASSA-PKCS1-v1_5 with SHA-256, which is `RS256` of RFC 7518. The same bytes have the same
    /// signature, as long as the key's modulus.
    ///
    /// # Errors
    /// When the operating system provides no random bytes.
    pub fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), bytes, &mut signature)
            .map_err(|_| CryptoError::NoRandomness)?;
        Ok(signature)
    }
}

/// Returns the bytes between the first and the last line of a kind.
fn between(text: &str, kind: &str) -> Option<Vec<u8>> {
    let (_, rest) = text.split_once(&format!("-----BEGIN {kind}-----"))?;
    let (lines, _) = rest.split_once(&format!("-----END {kind}-----"))?;
    let digits: String = lines.split_whitespace().collect();
    STANDARD.decode(digits).ok()
}

impl fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RsaKey")
    }
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    /// The key of the simulated GitHub's App.
    const KEY: &str = include_str!("../../../testkit/src/fake_github/app.pem");

    /// A token that `openssl dgst -sha256 -sign` signed with the key.
    const SIGNED: &str = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3OTM1MTk5NDAsImV4cCI6MTc5MzUyMDU0MCwiaXNzIjoiMTkwMDAxIn0";
    const SIGNATURE: &str = "J-n2BEUSbCg5EKs8tVdDahPjSDjONwQ2XriGv5k9i5cQGlHEutFl008-wOVR1JzVNgb9KeefvgQmJVe3gxsfXP616v\
         l7-jPmqU7R2h4uttzF_F3YMqCfZynYcdHoaWy3EnYgaCLYFwcRBu6xIF5OffSTkpZFTMEfS_Lf2DFdpaNXLji2-MgS\
         _G6cy8abj8ootoo7XMbs3L1fmxd4NDEqH9sZTGvLfDfB2aW1Z4q9cbhhnvLLD2XNyXqp0dIY9K5Hj-7llg1KBLY84W\
         MeA6MxceDPAUcUtOAsUfEY2SIJNTCXpAgAhzcnSISBURlrd60IitWOIgG9WWFReOa6eTAEiA";

    #[test]
    fn the_signature_is_that_of_openssl() {
        let key = RsaKey::from_pem(KEY).expect("a key");
        let signature = key.sign(SIGNED.as_bytes()).expect("signed");
        assert_eq!(URL_SAFE_NO_PAD.encode(signature), SIGNATURE);
    }

    #[test]
    fn keys_are_read_from_one_line_too_and_never_printed() {
        let line = KEY.trim().replace('\n', "\\n");
        let key = RsaKey::from_pem(&line).expect("a key");
        assert_eq!(format!("{key:?}"), "RsaKey");
    }

    #[test]
    fn other_texts_are_no_keys() {
        let cut = KEY.replacen("MII", "", 1);
        let public = KEY.replace("PRIVATE", "PUBLIC");
        let long = format!("{KEY}{}", " ".repeat(LONGEST));
        for text in ["", "secret", &cut, &public, &long] {
            assert!(RsaKey::from_pem(text).is_none(), "{text}");
        }
    }
}
