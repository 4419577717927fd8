//! The key with which this server signs credentials of badges.

use kernel::Timestamp;
use platform::{
    crypto::SealedColumn,
    db::{DbError, Sql, Tx},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// The lock under which the key is created and encrypted again.
pub(crate) const LOCK: &str = "recognition.credential_keys";

/// The column that holds the encrypted key.
pub(crate) const SEALED: SealedColumn = SealedColumn {
    table: "credential_keys",
    column: "signing_secret",
    holds: "the key that signs credentials of badges",
    replaced: "delete it, and credentials are signed with a new key",
    lock: LOCK,
};

#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct StoredKey {
    /// The seed, encrypted.
    pub(crate) signing_secret: Vec<u8>,
    /// The public key, 32 bytes.
    pub(crate) public_key: Vec<u8>,
}

pub(crate) async fn find(db: &impl Sql) -> Result<Option<StoredKey>, DbError> {
    let sql = "SELECT signing_secret, public_key FROM credential_keys ORDER BY id LIMIT 1";
    db.one(db.statement(sql, [])).await
}

/// Adds the key.
pub(crate) async fn insert(
    tx: &Tx,
    id: Uuid,
    key: StoredKey,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO credential_keys (id, created_at, signing_secret, public_key) \
               VALUES ($1, $2, $3, $4)";
    let values = [id.into(), now.into(), key.signing_secret.into(), key.public_key.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
