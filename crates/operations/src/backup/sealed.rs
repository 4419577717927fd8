//! Encrypted backups, in the format of the program `age`.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufReader, BufWriter, Read as _, Write},
    iter,
    path::Path,
};

use age::{Decryptor, Encryptor, IdentityFile, x25519::Recipient};
use anyhow::{Context as _, Result, anyhow};
use platform::files;

/// The first bytes of an encrypted file.
const BEGINNING: &[u8] = b"age-encryption.org/v1";

/// Returns true if a file is encrypted.
pub(super) fn is_sealed(path: &Path) -> io::Result<bool> {
    let mut beginning = Vec::new();
    File::open(path)?.take(BEGINNING.len() as u64).read_to_end(&mut beginning)?;
    Ok(beginning == BEGINNING)
}

/// Encrypts a file into a new one, for who has the private key of `recipient`. It is on disk when this returns.
///
/// # Errors
/// When `recipient` is not a public key, `to` exists already, or a file cannot be read or written.
pub(crate) fn seal(from: &Path, to: &Path, recipient: &str) -> Result<()> {
    let mut plain = File::open(from)?;
    files::create_private(to, &[])?;
    let sealed = BufWriter::new(OpenOptions::new().write(true).open(to)?);
    let mut sealed = sealed_into(sealed, recipient, |to| io::copy(&mut plain, to).map(drop))?;
    sealed.flush()?;
    sealed.get_ref().sync_all()?;
    Ok(())
}

/// Encrypts what `fill` writes into `to`, for who has the private key of `recipient`.
///
/// # Errors
/// When `recipient` is not a public key, or nothing can be written.
pub(super) fn sealed_into<W: Write>(
    to: W,
    recipient: &str,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<W> {
    let recipient = recipient.parse::<Recipient>();
    let recipient =
        recipient.map_err(|why| anyhow!("backup_recipient is not a public key of age ({why})"))?;
    let sealing = Encryptor::with_recipients(iter::once(&recipient as &dyn age::Recipient))?;
    let mut sealed = sealing.wrap_output(to)?;
    fill(&mut sealed)?;
    Ok(sealed.finish()?)
}

/// Decrypts a file into `to`, with the private keys in the file `identity`.
///
/// # Errors
/// When none of the keys opens it, it is damaged, or a file cannot be read or written.
pub(super) fn unseal(from: &Path, to: &mut File, identity: &Path) -> Result<()> {
    let cannot_read = || format!("cannot read the private key in {}", identity.display());
    let keys = File::open(identity).with_context(cannot_read)?;
    let keys = IdentityFile::from_buffer(BufReader::new(keys)).with_context(cannot_read)?;
    let keys = keys.into_identities().with_context(cannot_read)?;
    let opening = || format!("cannot decrypt {} with {}", from.display(), identity.display());
    let sealed =
        Decryptor::new_buffered(BufReader::new(File::open(from)?)).with_context(opening)?;
    let keys = keys.iter().map(|key| key.as_ref() as &dyn age::Identity);
    let mut plain = sealed.decrypt(keys).with_context(opening)?;
    io::copy(&mut plain, to).with_context(opening)?;
    to.sync_all()?;
    Ok(())
}
