use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx, ascii_lower};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::UserId;

/// An unverified address to insert.
pub(crate) struct NewEmailRow<'a> {
    pub(crate) id: Uuid,
    pub(crate) user_id: UserId,
    pub(crate) address: &'a str,
    pub(crate) token_hash: Vec<u8>,
    pub(crate) session_id: Uuid,
    pub(crate) now: Timestamp,
    pub(crate) expires_at: Timestamp,
}

pub(crate) async fn insert(tx: &Tx, new: NewEmailRow<'_>) -> Result<(), DbError> {
    let sql = "INSERT INTO user_emails (id, user_id, address, token_hash, session_id, created_at, \
               expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        new.id.into(),
        new.user_id.into(),
        new.address.into(),
        new.token_hash.into(),
        new.session_id.into(),
        new.now.into(),
        new.expires_at.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Inserts an address that its person proved by an emailed link.
pub(crate) async fn insert_verified(
    tx: &Tx,
    id: Uuid,
    user_id: UserId,
    address: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO user_emails (id, user_id, address, created_at, verified_at) \
               VALUES ($1, $2, $3, $4, $4)";
    let values = [id.into(), user_id.into(), address.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Inserts an address that its person stated and no link was sent to.
pub(crate) async fn insert_stated(
    tx: &Tx,
    id: Uuid,
    user_id: UserId,
    address: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO user_emails (id, user_id, address, created_at, expires_at) \
               VALUES ($1, $2, $3, $4, $4)";
    let values = [id.into(), user_id.into(), address.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// An address to verify.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct UnverifiedEmail {
    pub(crate) id: Uuid,
    pub(crate) address: String,
}

/// Finds the address that a link verifies, for its person and session, until the link expires.
pub(crate) async fn by_link(
    db: &impl Sql,
    token_hash: Vec<u8>,
    user_id: UserId,
    session_id: Uuid,
    now: Timestamp,
) -> Result<Option<UnverifiedEmail>, DbError> {
    let sql = "SELECT id, address FROM user_emails WHERE token_hash = $1 AND user_id = $2 \
               AND session_id = $3 AND expires_at > $4 AND verified_at IS NULL";
    let values = [token_hash.into(), user_id.into(), session_id.into(), now.into()];
    db.one(db.statement(sql, values)).await
}

/// The person of an address.
#[derive(FromQueryResult)]
struct Holder {
    user_id: Uuid,
}

/// Returns an admin who stated an address that they have not verified.
pub(crate) async fn unverified_admin(
    db: &impl Sql,
    address: &str,
) -> Result<Option<Uuid>, DbError> {
    let sql = format!(
        "SELECT e.user_id FROM user_emails e JOIN users u ON u.id = e.user_id \
         WHERE {} = $1 AND e.verified_at IS NULL AND u.role = 'admin' AND NOT u.is_deleted \
         ORDER BY e.created_at, e.id LIMIT 1",
        ascii_lower("e.address")
    );
    let row: Option<Holder> =
        db.one(db.statement(&sql, [address.to_ascii_lowercase().into()])).await?;
    Ok(row.map(|row| row.user_id))
}

/// Returns the person who verified an address.
pub(crate) async fn owner(db: &impl Sql, address: &str) -> Result<Option<Uuid>, DbError> {
    let sql = format!(
        "SELECT user_id FROM user_emails WHERE {} = $1 AND verified_at IS NOT NULL",
        ascii_lower("address")
    );
    let row: Option<Holder> =
        db.one(db.statement(&sql, [address.to_ascii_lowercase().into()])).await?;
    Ok(row.map(|row| row.user_id))
}

/// Marks an address as verified, and invalidates its link.
pub(crate) async fn verify(tx: &Tx, id: Uuid, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE user_emails SET verified_at = $1, token_hash = NULL, session_id = NULL, \
               expires_at = NULL WHERE id = $2";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    Ok(())
}

/// Deletes all but one of a person's addresses; returns their number.
pub(crate) async fn remove_others(tx: &Tx, user_id: UserId, but: Uuid) -> Result<u64, DbError> {
    let sql = "DELETE FROM user_emails WHERE user_id = $1 AND id <> $2";
    tx.run(tx.statement(sql, [user_id.into(), but.into()])).await
}

/// Deletes unverified addresses whose link expired before an instant; returns their number.
pub(crate) async fn forget_unverified(tx: &Tx, before: Timestamp) -> Result<u64, DbError> {
    let sql = "DELETE FROM user_emails WHERE verified_at IS NULL AND expires_at < $1";
    tx.run(tx.statement(sql, [before.into()])).await
}

/// Deletes a person's unverified address.
pub(crate) async fn remove_unverified(tx: &Tx, user_id: UserId) -> Result<(), DbError> {
    let sql = "DELETE FROM user_emails WHERE user_id = $1 AND verified_at IS NULL";
    tx.run(tx.statement(sql, [user_id.into()])).await?;
    Ok(())
}
