//! Secrets at rest and signatures over bytes.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce, aead::Aead};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::{Digest, Sha256};

/// Encrypts what the database must keep and nobody may read from a stolen copy.
pub struct SecretKey(SecretBox<[u8; 32]>);

/// A key or an encrypted value is unusable.
#[derive(Debug, thiserror::Error)]
pub enum CryptoError {
    /// The key file cannot be read or made.
    #[error("cannot use the key file {path}: {source}")]
    KeyFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The key is not 32 bytes in hexadecimal.
    #[error(
        "{0} is no secret key of 64 hexadecimal digits (32 bytes): bring back the key in use until \
         now, or for a new installation make one with `openssl rand -hex 32`"
    )]
    BadKey(String),
    /// The value was encrypted under another key or was changed.
    #[error("a stored secret cannot be decrypted: it was written under another secret key")]
    Undecryptable,
    /// The machine gives no random bytes.
    #[error("the machine gives no random bytes")]
    NoRandomness,
}

impl SecretKey {
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

    /// The key in `path`, made when absent, readable by its owner alone.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds no key.
    pub fn from_file(path: &Path) -> Result<Self, CryptoError> {
        let failed = |source| CryptoError::KeyFile {
            path: path.to_owned(),
            source,
        };
        match fs::read_to_string(path) {
            Ok(text) => Self::from_hex(&text.into(), &path.display().to_string()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = random::<32>()?;
                match write_private(path, &hex::encode(key)) {
                    // Another process was first: its key counts.
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                        Self::from_file(path)
                    }
                    Err(error) => Err(failed(error)),
                    Ok(()) => Ok(Self(SecretBox::new(Box::new(key)))),
                }
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// A key of its own for a purpose, which tells nothing of this one.
    #[must_use]
    pub fn derived(&self, purpose: &str) -> SecretString {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.expose_secret())
            .expect("HMAC takes a key of any length");
        mac.update(purpose.as_bytes());
        hex::encode(mac.finalize().into_bytes()).into()
    }

    /// Encrypts with XChaCha20-Poly1305; a fresh nonce stands before the ciphertext.
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

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

/// Writes a file that is there whole or not at all, also after a power failure.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;
    let draft = path.with_extension(format!("{}.tmp", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    linked?;
    match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => {
            fs::File::open(directory)?.sync_all()
        }
        _ => Ok(()),
    }
}

/// A fresh secret that nobody guesses: 64 hexadecimal digits.
///
/// # Errors
/// When the machine gives no random bytes.
pub fn token() -> Result<String, CryptoError> {
    Ok(hex::encode(random::<32>()?))
}

/// Bytes as letters that a header takes.
#[must_use]
pub fn to_text(bytes: &[u8]) -> String {
    hex::encode(bytes)
}

/// What [`to_text`] wrote.
#[must_use]
pub fn from_text(text: &str) -> Option<Vec<u8>> {
    hex::decode(text).ok()
}

/// Fresh bytes that nobody guesses.
///
/// # Errors
/// When the machine gives none.
pub fn random<const N: usize>() -> Result<[u8; N], CryptoError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| CryptoError::NoRandomness)?;
    Ok(bytes)
}

/// Checks an `X-Hub-Signature-256` header (`sha256=<64 hex digits>`) over raw bytes, in constant time.
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

/// The `X-Hub-Signature-256` header over raw bytes.
#[must_use]
pub fn sign(secret: &SecretString, body: &[u8]) -> String {
    format!(
        "sha256={}",
        hex::encode(mac(secret, body).finalize().into_bytes())
    )
}

/// HMAC-SHA256 of bytes: 32 bytes.
#[must_use]
pub fn tag(secret: &SecretString, bytes: &[u8]) -> Vec<u8> {
    mac(secret, bytes).finalize().into_bytes().to_vec()
}

/// Whether a tag is [`tag`]'s, in constant time.
#[must_use]
pub fn tag_is_valid(secret: &SecretString, bytes: &[u8], tag: &[u8]) -> bool {
    mac(secret, bytes).verify_slice(tag).is_ok()
}

fn mac(secret: &SecretString, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .expect("HMAC takes a key of any length");
    mac.update(body);
    mac
}

/// The first 16 bytes of SHA-256: enough to tell contents apart.
#[must_use]
pub fn digest(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes)[..16].to_vec()
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

    #[test]
    fn a_purpose_has_a_key_of_its_own() {
        let derived = |key: &SecretKey, purpose: &str| {
            let derived = key.derived(purpose);
            derived.expose_secret().to_owned()
        };
        let one = derived(&key("a"), "one");
        assert_eq!(one, derived(&key("a"), "one"));
        assert_ne!(one, derived(&key("a"), "two"));
        assert_ne!(one, derived(&key("b"), "one"));
    }

    #[test]
    fn a_tag_is_the_standards_own_example() {
        // RFC 4231, test case 2.
        let (secret, said) = ("Jefe".to_owned().into(), b"what do ya want for nothing?");
        let tag = tag(&secret, said);
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hex::encode(&tag), expected);
        assert!(tag_is_valid(&secret, said, &tag));
        assert!(!tag_is_valid(&secret, said, &tag[..31]) && !tag_is_valid(&secret, b"", &tag));
    }

    #[test]
    fn a_signature_is_githubs_own_example() {
        // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
        let secret = "It's a Secret to Everybody".into();
        let header = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        assert!(signature_is_valid(&secret, b"Hello, World!", header));
        assert_eq!(sign(&secret, b"Hello, World!"), header);
        for wrong in [
            "",
            "sha256=",
            "sha1=757107ea",
            &header[..70],
            &header.replace('7', "8"),
        ] {
            assert!(
                !signature_is_valid(&secret, b"Hello, World!", wrong),
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_key_file_is_made_once_and_private() {
        let directory = std::env::temp_dir().join(format!("guildhall-key-{}", std::process::id()));
        fs::create_dir_all(&directory).expect("a directory");
        let path = directory.join("secret.key");
        let sealed = SecretKey::from_file(&path)
            .expect("made")
            .encrypt(b"x")
            .expect("encrypted");
        assert_eq!(
            SecretKey::from_file(&path)
                .expect("read")
                .decrypt(&sealed)
                .expect("same key"),
            b"x"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(
                fs::metadata(&path).expect("metadata").permissions().mode() & 0o777,
                0o600
            );
        }
        fs::remove_dir_all(&directory).expect("removed");
    }
}
