use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use secrecy::{ExposeSecret as _, SecretString};

use super::{CryptoError, KeyId, SecretKey, place::KeySource};
use crate::telemetry::{news, works};

/// How often the key file is read again. After this time no process uses a retired key.
const LOOKS_EVERY: Duration = Duration::from_secs(1);

/// Prefix of values that name their key.
const MARK: [u8; 4] = *b"glh1";

/// Prefix of the line with the key of the links in emails.
const EMAILS: &str = "emails ";
/// The former prefix, which is still read.
const EMAILS_BEFORE: &str = "letters ";

/// The keys at one point in time.
#[derive(Debug)]
pub struct Keys {
    /// Newest first; never empty.
    held: Vec<SecretKey>,
    emails: Option<SecretKey>,
}

impl Keys {
    /// Parses one key per line, newest first. A line starting with `emails` has the key of the links in emails.
    pub(super) fn read(text: &SecretString, place: &str) -> Result<Self, CryptoError> {
        let (mut held, mut emails) = (Vec::new(), None);
        let lines = text.expose_secret().lines().enumerate();
        for (index, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
            let key = |digits: &str| {
                let place = format!("{place}, line {},", index + 1);
                SecretKey::from_hex(&digits.to_owned().into(), &place)
            };
            let line = line.trim();
            let digits = line.strip_prefix(EMAILS);
            match digits.or_else(|| line.strip_prefix(EMAILS_BEFORE)) {
                None => held.push(key(line)?),
                Some(_) if emails.is_some() => {
                    return Err(CryptoError::TwoForEmails(place.to_owned()));
                }
                Some(digits) => emails = Some(key(digits)?),
            }
        }
        if held.is_empty() {
            Err(CryptoError::BadKey(place.to_owned()))
        } else {
            Ok(Self { held, emails })
        }
    }

    /// Returns the key that encrypts.
    #[must_use]
    pub fn newest(&self) -> &SecretKey {
        &self.held[0]
    }

    /// Returns the key of the links in emails: the marked one, otherwise the oldest. Rotation keeps it, so that
    /// links in emails already sent continue to work.
    #[must_use]
    pub fn emails(&self) -> &SecretKey {
        let oldest = self.held.last();
        self.emails.as_ref().or(oldest).unwrap_or(&self.held[0])
    }

    /// Returns all keys, newest first, without the one for emails.
    #[must_use]
    pub fn all(&self) -> &[SecretKey] {
        &self.held
    }

    /// Returns the ids of all keys, newest first.
    #[must_use]
    pub fn ids(&self) -> Vec<KeyId> {
        self.held.iter().map(SecretKey::id).collect()
    }

    /// Decrypts a stored value. Returns the id of its key too.
    pub(super) fn open(&self, sealed: &[u8]) -> Option<(KeyId, Vec<u8>)> {
        let named = sealed.strip_prefix(&MARK).and_then(|rest| {
            let (id, sealed) = rest.split_first_chunk::<16>()?;
            let key = self.held.iter().find(|key| key.id().0 == *id)?;
            Some((KeyId(*id), key.decrypt(sealed).ok()?))
        });
        // Values written before they named their key.
        let unnamed = || {
            let mut keys = self.held.iter();
            keys.find_map(|key| Some((key.id(), key.decrypt(sealed).ok()?)))
        };
        named.or_else(unnamed)
    }

    pub(super) fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let key = self.newest();
        Ok([MARK.as_slice(), &key.id().0, &key.encrypt(plain)?].concat())
    }

    fn are(&self, other: &Self) -> bool {
        self.ids() == other.ids() && self.emails().id() == other.emails().id()
    }
}

/// A set of keys that encrypts secrets at rest: the newest key encrypts, all decrypt. Clones share their state.
#[derive(Clone, Debug)]
pub struct KeyRing(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    place: KeySource,
    known: RwLock<Arc<Keys>>,
}

/// An exclusive lock on the ring, released on drop.
#[derive(Debug)]
pub struct RingLock<'a> {
    ring: &'a KeyRing,
    _lock: File,
}

impl KeyRing {
    /// Loads the keys from a file that this program manages. Creates it if missing, readable by its owner only.
    ///
    /// # Errors
    /// When the file cannot be read or created, or holds no key.
    pub fn from_file(path: &Path) -> Result<Self, CryptoError> {
        Self::at(KeySource::Ours(path.to_owned()))
    }

    /// Loads keys that the operator provides: from `file`, which is read again later, otherwise from `text`.
    ///
    /// # Errors
    /// When a line is not a key.
    pub fn given(text: SecretString, file: Option<PathBuf>) -> Result<Self, CryptoError> {
        Self::at(file.map_or(KeySource::Text(text), KeySource::Theirs))
    }

    fn at(place: KeySource) -> Result<Self, CryptoError> {
        let keys = Keys::read(&place.read()?, &place.name())?;
        let known = RwLock::new(Arc::new(keys));
        Ok(Self(Arc::new(Inner { place, known })))
    }

    /// Returns the keys as last read.
    #[must_use]
    pub fn keys(&self) -> Arc<Keys> {
        let known = self.0.known.read();
        Arc::clone(&known.unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the keys again. Returns them if they changed.
    ///
    /// # Errors
    /// When the keys cannot be read; the last known keys stay in use.
    pub fn look(&self) -> Result<Option<Arc<Keys>>, CryptoError> {
        if matches!(self.0.place, KeySource::Text(_)) {
            return Ok(None);
        }
        let keys = Keys::read(&self.0.place.read()?, &self.0.place.name())?;
        if keys.are(&self.keys()) {
            return Ok(None);
        }
        let keys = Arc::new(keys);
        let mut known = self.0.known.write().unwrap_or_else(PoisonError::into_inner);
        *known = Arc::clone(&keys);
        Ok(Some(keys))
    }

    /// Reloads the keys periodically for as long as another handle to this ring exists.
    pub fn follow(&self) {
        let ring = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOKS_EVERY).await;
                let Some(ring) = ring.upgrade().map(Self) else {
                    return;
                };
                match ring.look() {
                    Ok(_) => works("secret keys"),
                    Err(error) => {
                        if let Some(times) = news("secret keys", &error) {
                            tracing::warn!(%error, times, "cannot reload the secret keys; using the last known ones");
                        }
                    }
                }
            }
        });
    }

    /// Encrypts with the newest key after reading the keys again, so that no value is encrypted with a key that
    /// another process has retired.
    ///
    /// # Errors
    /// When the keys cannot be read, or the operating system provides no random bytes.
    pub fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.look()?;
        self.keys().seal(plain)
    }

    /// Decrypts a value encrypted by [`KeyRing::seal`] in any process.
    ///
    /// # Errors
    /// When the value was encrypted with a key that is not in the ring, or was altered.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.find(|keys| keys.open(sealed))
            .map(|(_, plain)| plain)
            .ok_or(CryptoError::Undecryptable)
    }

    /// Returns the result of `search` with the known keys. If it finds nothing, the keys are read again and, if
    /// they changed, searched once more.
    pub fn find<T>(&self, search: impl Fn(&Keys) -> Option<T>) -> Option<T> {
        let changed = || {
            let looked = self.look();
            looked.inspect_err(|error| tracing::warn!(%error, "cannot read the secret keys"))
        };
        search(&self.keys()).or_else(|| search(&*changed().ok()??))
    }

    /// Locks out other processes from changing the ring, and reads the keys again.
    ///
    /// # Errors
    /// When another command is changing the ring, the operator manages the keys, or the file cannot be used.
    pub fn alone(&self) -> Result<RingLock<'_>, CryptoError> {
        let alone = RingLock { _lock: self.0.place.lock()?, ring: self };
        self.look()?;
        Ok(alone)
    }

    /// Returns true if the operator manages the keys.
    #[must_use]
    pub fn is_given(&self) -> bool {
        !matches!(self.0.place, KeySource::Ours(_))
    }
}

impl RingLock<'_> {
    /// Adds a new key, which encrypts from now on.
    ///
    /// # Errors
    /// When the file cannot be written. Nothing is changed then.
    pub fn add(&self) -> Result<(), CryptoError> {
        let (fresh, keys) = (SecretKey::fresh()?, self.ring.keys());
        let held: Vec<&SecretKey> = std::iter::once(&fresh).chain(&keys.held).collect();
        self.write(&held, keys.emails.as_ref())
    }

    /// Removes all keys but the newest. The key of emails is kept unless `emails_too`.
    ///
    /// # Errors
    /// When the file cannot be written. Nothing is changed then.
    pub fn retire(&self, emails_too: bool) -> Result<(), CryptoError> {
        let keys = self.ring.keys();
        let emails = Some(keys.emails());
        let emails = emails.filter(|key| !emails_too && key.id() != keys.newest().id());
        self.write(&[keys.newest()], emails)
    }

    fn write(&self, held: &[&SecretKey], emails: Option<&SecretKey>) -> Result<(), CryptoError> {
        let line =
            |word: &str, key: &SecretKey| format!("{word}{}\n", key.to_hex().expose_secret());
        let mut text: String = held.iter().map(|key| line("", key)).collect();
        text.extend(emails.map(|key| line(EMAILS, key)));
        self.ring.0.place.replace(&text.into())?;
        self.ring.look().map(drop)
    }
}

#[cfg(test)]
mod tests;
