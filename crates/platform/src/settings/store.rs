use kernel::Timestamp;
use sea_orm::FromQueryResult;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::{
    ActionError, Context,
    crypto::{CryptoError, KeyRing},
    db::{DbError, Sql, Tx},
};

/// The row of a key that was saved at least once.
#[derive(FromQueryResult)]
pub(super) struct StoredSetting {
    pub(super) id: Uuid,
    pub(super) name: String,
    value: Option<String>,
    value_secret: Option<Vec<u8>>,
    pub(super) version: i64,
}

impl StoredSetting {
    /// Returns true unless its text was removed.
    pub(super) fn is_set(&self) -> bool {
        self.value.is_some() || self.value_secret.is_some()
    }

    /// Returns its text; `None` if it was removed.
    ///
    /// # Errors
    /// When it is a secret whose key is not in the ring.
    pub(super) fn text(&self, ring: Option<&KeyRing>) -> Result<Option<SecretString>, CryptoError> {
        let Some(sealed) = &self.value_secret else {
            return Ok(self.value.as_deref().map(Into::into));
        };
        let plain = ring.ok_or(CryptoError::Undecryptable)?.open(sealed)?;
        let text = String::from_utf8(plain).map_err(|_| CryptoError::Undecryptable)?;
        Ok(Some(text.into()))
    }
}

/// Returns all rows, in the order of their names.
pub(super) async fn all(db: &impl Sql) -> Result<Vec<StoredSetting>, DbError> {
    let sql = "SELECT id, name, value, value_secret, version FROM settings ORDER BY name";
    db.all(db.statement(sql, [])).await
}

/// Returns the version of the stored settings, which each save raises; 0 if nothing was ever saved.
pub async fn version(db: &impl Sql) -> Result<i64, DbError> {
    db.count(db.statement("SELECT max(version) FROM settings", [])).await
}

/// Returns when a key was saved; `None` if it has no saved value.
pub async fn saved_at(db: &impl Sql, key: &str) -> Result<Option<Timestamp>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        updated_at: Timestamp,
    }
    let sql = "SELECT updated_at FROM settings WHERE name = $1 AND (value IS NOT NULL OR value_secret IS NOT NULL)";
    let row: Option<Row> = db.one(db.statement(sql, [key.into()])).await?;
    Ok(row.map(|row| row.updated_at))
}

/// A setting to write.
pub(super) struct NewSetting<'a> {
    pub(super) id: Uuid,
    pub(super) name: &'a str,
    pub(super) text: Option<&'a SecretString>,
    pub(super) is_secret: bool,
    pub(super) version: i64,
}

/// Writes the row of a key; secrets are encrypted with the keys of the context. The caller holds the lock.
pub(super) async fn write(
    tx: &Tx,
    context: &Context,
    new: &NewSetting<'_>,
) -> Result<(), ActionError> {
    let text = new.text.map(ExposeSecret::expose_secret);
    let (value, sealed) = match text {
        Some(text) if new.is_secret => {
            let ring = context.keys.as_ref().ok_or(CryptoError::Undecryptable)?;
            (None, Some(ring.seal(text.as_bytes())?))
        }
        text => (text, None),
    };
    let sql = "INSERT INTO settings (id, created_at, updated_at, name, value, value_secret, version) \
               VALUES ($1, $2, $2, $3, $4, $5, $6) \
               ON CONFLICT (name) DO UPDATE SET updated_at = excluded.updated_at, value = excluded.value, \
               value_secret = excluded.value_secret, version = excluded.version";
    let values = [
        new.id.into(),
        context.now().into(),
        new.name.into(),
        value.into(),
        sealed.into(),
        new.version.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
