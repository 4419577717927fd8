use kernel::Timestamp;
use uuid::Uuid;

use crate::db::{DbError, Sql as _, Tx};

pub(super) async fn forget(tx: &Tx, before: Timestamp) -> Result<(), DbError> {
    let sql = "DELETE FROM stranger_emails WHERE created_at < $1";
    tx.run(tx.statement(sql, [before.into()])).await?;
    Ok(())
}

pub(super) async fn sent_to(tx: &Tx, address_digest: &[u8]) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM stranger_emails WHERE address_digest = $1";
    tx.count(tx.statement(sql, [address_digest.to_vec().into()])).await
}

pub(super) async fn sent_by(tx: &Tx, sender: Uuid) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM stranger_emails WHERE sender_id = $1";
    tx.count(tx.statement(sql, [sender.into()])).await
}

pub(super) async fn insert(
    tx: &Tx,
    id: Uuid,
    sender: Option<Uuid>,
    address_digest: &[u8],
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO stranger_emails (id, created_at, sender_id, address_digest) \
               VALUES ($1, $2, $3, $4)";
    let values = [id.into(), now.into(), sender.into(), address_digest.to_vec().into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
