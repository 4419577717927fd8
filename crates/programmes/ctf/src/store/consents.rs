//! Statements for the versions of consent texts.

use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use uuid::Uuid;

pub(crate) async fn insert(
    tx: &Tx,
    id: Uuid,
    version: i64,
    text: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO ctf_consents (id, created_at, version, text) VALUES ($1, $2, $3, $4)";
    let values = [id.into(), now.into(), version.into(), text.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
