//! A secret key that is missing next to the data that it encrypted. A new key would hide the loss.

use anyhow::{Result, bail};
use platform::{config::Config, crypto, db::Db, module::Modules};

/// Fails when the key is missing and the database contains data that only this key decrypts.
///
/// # Errors
/// When the key is lost. The error names the lost data and the next step.
pub(crate) async fn refuse(modules: Modules, config: &Config, db: &Db) -> Result<()> {
    match find(modules, config, db).await? {
        Some(says) => bail!(says),
        None => Ok(()),
    }
}

/// Returns a description of the lost data and the next step, or `None` when no key is missing.
pub(crate) async fn find(modules: Modules, config: &Config, db: &Db) -> Result<Option<String>> {
    if config.has_keys() {
        return Ok(None);
    }
    let mut lost = Vec::new();
    for (column, count) in crypto::sealed_values(db, &modules.sealed()).await? {
        lost.push(format!("{} ({count})", column.holds));
    }
    let erased = identity::reads::erased(db).await?;
    if erased > 0 {
        lost.push(format!("the records that keep erased people from being restored ({erased})"));
    }
    Ok((!lost.is_empty()).then(|| says(config, &lost)))
}

fn says(config: &Config, lost: &[String]) -> String {
    let (path, lost) = (config.key_file(), lost.join(", "));
    let path = path.display();
    format!(
        "the secret key {path} is missing, and the database contains data that only this key decrypts: {lost}. Restore the \
         key from your copy, or set GUILDHALL_SECRET_KEY, and start again. If the key is lost for good, \
         so is this data: as the user of the server, create a new key with `(umask 077; openssl rand -hex 32 > {path})`, \
         start again, and follow \
         \"Lost secret key\" in docs/operations.md"
    )
}
