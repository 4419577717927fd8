use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use secrecy::{ExposeSecret as _, SecretString};

use super::{CryptoError, KeyId, SecretKey, place::Place};

/// Between two looks at the file: after so long a retired key is forgotten in every process.
const LOOKS_EVERY: Duration = Duration::from_secs(1);

/// Prefix of a value that names its key.
const MARK: [u8; 4] = *b"glh1";

/// Prefix of the line with the key of the links in e-mails.
const EMAILS: &str = "emails ";
/// The same, as it was written before.
const EMAILS_BEFORE: &str = "letters ";

/// The keys as they were at one look.
#[derive(Debug)]
pub struct Keys {
    /// The newest first; never empty.
    held: Vec<SecretKey>,
    emails: Option<SecretKey>,
}

impl Keys {
    /// A key a line, the newest first; `emails` and a key for the links in e-mails.
    fn read(text: &SecretString, place: &str) -> Result<Self, CryptoError> {
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
        match held.is_empty() {
            true => Err(CryptoError::BadKey(place.to_owned())),
            false => Ok(Self { held, emails }),
        }
    }

    /// The key that encrypts.
    #[must_use]
    pub fn newest(&self) -> &SecretKey {
        &self.held[0]
    }

    /// The key of the links in e-mails: the oldest, unless one is named. It stays when keys are
    /// rotated, so that links in e-mails that were sent go on to work.
    #[must_use]
    pub fn emails(&self) -> &SecretKey {
        let oldest = self.held.last();
        self.emails.as_ref().or(oldest).unwrap_or(&self.held[0])
    }

    /// All keys that encrypt and decrypt, the newest first.
    #[must_use]
    pub fn all(&self) -> &[SecretKey] {
        &self.held
    }

    /// Their ids, the newest first.
    #[must_use]
    pub fn ids(&self) -> Vec<KeyId> {
        self.held.iter().map(SecretKey::id).collect()
    }

    /// Decrypts a stored value; gives the id of its key too.
    pub(super) fn open(&self, sealed: &[u8]) -> Option<(KeyId, Vec<u8>)> {
        let named = sealed.strip_prefix(&MARK).and_then(|rest| {
            let (id, sealed) = rest.split_first_chunk::<16>()?;
            let key = self.held.iter().find(|key| key.id().0 == *id)?;
            Some((KeyId(*id), key.decrypt(sealed).ok()?))
        });
        // What was written before values named their keys.
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

/// Encrypts secrets at rest: the newest key encrypts, all decrypt. Clones share what they know.
#[derive(Clone, Debug)]
pub struct KeyRing(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    place: Place,
    known: RwLock<Arc<Keys>>,
}

/// The right to change the ring, until it is dropped.
#[derive(Debug)]
pub struct Alone<'a> {
    ring: &'a KeyRing,
    _lock: File,
}

impl KeyRing {
    /// The keys in a file of ours, which is made when absent, readable by its owner alone.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds no key.
    pub fn from_file(path: &Path) -> Result<Self, CryptoError> {
        Self::at(Place::Ours(path.to_owned()))
    }

    /// The keys that an operator gives as a text of lines, and the file where they stand, if any.
    ///
    /// # Errors
    /// When a line is no key.
    pub fn given(text: SecretString, file: Option<PathBuf>) -> Result<Self, CryptoError> {
        Self::at(file.map_or(Place::Text(text), Place::Theirs))
    }

    fn at(place: Place) -> Result<Self, CryptoError> {
        let keys = Keys::read(&place.read()?, &place.name())?;
        let known = RwLock::new(Arc::new(keys));
        Ok(Self(Arc::new(Inner { place, known })))
    }

    /// The keys as last seen.
    #[must_use]
    pub fn keys(&self) -> Arc<Keys> {
        let known = self.0.known.read();
        Arc::clone(&known.unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the keys anew; gives those that are new here.
    ///
    /// # Errors
    /// When they cannot be read; then the keys stay as they were.
    pub fn look(&self) -> Result<Option<Arc<Keys>>, CryptoError> {
        if matches!(self.0.place, Place::Text(_)) {
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

    /// Follows changes of the file for as long as another holder of this ring exists.
    pub fn follow(&self) {
        let ring = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOKS_EVERY).await;
                let Some(ring) = ring.upgrade().map(Self) else {
                    return;
                };
                if let Err(error) = ring.look() {
                    tracing::warn!(%error, "cannot reload the secret keys; using the last known ones");
                }
            }
        });
    }

    /// Encrypts under the newest key, which the value names, after a look at the ring: nothing is
    /// encrypted under a key that another process has retired.
    ///
    /// # Errors
    /// When the keys cannot be read, or the machine gives no random bytes.
    pub fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.look()?;
        self.keys().seal(plain)
    }

    /// Decrypts what [`KeyRing::seal`] gave, in whichever process.
    ///
    /// # Errors
    /// When it was encrypted under a key that is not in the ring, or was changed.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.find(|keys| keys.open(sealed))
            .map(|(_, plain)| plain)
            .ok_or(CryptoError::Undecryptable)
    }

    /// The result of `look` with the keys; where it has none and the keys were changed since, its result
    /// with the changed ones.
    pub fn find<T>(&self, search: impl Fn(&Keys) -> Option<T>) -> Option<T> {
        let changed = || {
            let looked = self.look();
            looked.inspect_err(|error| tracing::warn!(%error, "cannot read the secret keys"))
        };
        search(&self.keys()).or_else(|| search(&*changed().ok()??))
    }

    /// Keeps others from changing the ring meanwhile, and looks at it.
    ///
    /// # Errors
    /// When another command changes it just now, the keys are the operator's to write, or the file cannot be
    /// used.
    pub fn alone(&self) -> Result<Alone<'_>, CryptoError> {
        let alone = Alone {
            _lock: self.0.place.lock()?,
            ring: self,
        };
        self.look()?;
        Ok(alone)
    }

    /// Tells whether the keys are the operator's to write.
    #[must_use]
    pub fn is_given(&self) -> bool {
        !matches!(self.0.place, Place::Ours(_))
    }
}

impl Alone<'_> {
    /// Puts a fresh key first.
    ///
    /// # Errors
    /// When the file cannot be written; then nothing was changed.
    pub fn add(&self) -> Result<(), CryptoError> {
        let (fresh, keys) = (SecretKey::fresh()?, self.ring.keys());
        let held: Vec<&SecretKey> = std::iter::once(&fresh).chain(&keys.held).collect();
        self.write(&held, keys.emails.as_ref())
    }

    /// Leaves the newest key alone in the ring. The key of e-mails stays, unless `emails_too`.
    ///
    /// # Errors
    /// When the file cannot be written; then nothing was changed.
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
