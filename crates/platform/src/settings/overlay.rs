use super::store::{self, StoredSetting};
use crate::{
    config::{Config, StoredValue},
    crypto::KeyRing,
    db::{DbError, Sql},
};

/// Returns the configuration with the stored settings of a database in place of those that it has. Settings that cannot be used are
/// left out, with a line in the log and the reason in [`Config::unread_settings`], so that a server always starts.
///
/// # Errors
/// When the database fails.
pub async fn overlay(
    config: &Config,
    db: &impl Sql,
    ring: Option<&KeyRing>,
) -> Result<Config, DbError> {
    let rows = store::all(db).await?;
    let (stored, lost) = texts(&rows, ring);
    let (mut config, left_out) = config.over_stored(&stored);
    config.stored_version = latest(&rows);
    let errors = left_out.iter().map(|out| out.error.to_string());
    let why: Vec<String> = lost.into_iter().chain(errors).collect();
    config.unread_settings = (!why.is_empty()).then(|| {
        let why = why.join("; ");
        tracing::error!(why, "settings that were saved in the browser cannot be used");
        format!("Settings that were saved in the browser are not used: {why}. Save them again at /admin/settings")
    });
    Ok(config)
}

/// Returns the version of all rows; 0 if there are none.
pub(super) fn latest(rows: &[StoredSetting]) -> i64 {
    rows.iter().map(|row| row.version).max().unwrap_or_default()
}

/// Returns the values of rows, and a sentence about each secret that cannot be decrypted.
pub(super) fn texts(
    rows: &[StoredSetting],
    ring: Option<&KeyRing>,
) -> (Vec<StoredValue>, Vec<String>) {
    let (mut stored, mut lost) = (Vec::new(), Vec::new());
    for row in rows {
        match row.text(ring) {
            Ok(Some(text)) => stored.push(StoredValue { key: row.name.clone(), text }),
            Ok(None) => {}
            Err(error) => lost.push(format!("{}: {error}", row.name)),
        }
    }
    (stored, lost)
}
