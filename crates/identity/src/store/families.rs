//! Families of refresh tokens. A family is the session of an app, listed and ended like those of browsers.

use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{
    bans::{BanColumns, COLUMNS, holding},
    sessions::{SessionWithPerson, find_where},
};
use crate::model::UserId;

/// Finds a family by ID, unless it has ended or its person is gone.
pub(crate) async fn find(
    db: &impl Sql,
    id: Uuid,
    now: Timestamp,
) -> Result<Option<SessionWithPerson>, DbError> {
    find_where(db, "s.id = $1 AND s.is_program", id.into(), now).await
}

/// Counts a person's families that have not ended.
pub(crate) async fn count(db: &impl Sql, person: UserId, now: Timestamp) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM sessions \
               WHERE user_id = $1 AND is_program AND revoked_at IS NULL AND expires_at > $2";
    db.count(db.statement(sql, [person.into(), now.into()])).await
}

/// Adds a refresh token to a family, after the one that it was exchanged for.
pub(crate) async fn add(
    tx: &Tx,
    id: Uuid,
    session_id: Uuid,
    rotated_from: Option<Uuid>,
    token_hash: Vec<u8>,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO refresh_tokens (id, created_at, session_id, rotated_from, token_hash, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values = [
        id.into(),
        now.into(),
        session_id.into(),
        rotated_from.into(),
        token_hash.into(),
        expires_at.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// A refresh token of a family that has not ended.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Refresh {
    pub(crate) id: Uuid,
    pub(crate) session_id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) expires_at: Timestamp,
    #[sea_orm(nested)]
    pub(crate) ban: BanColumns,
}

/// Finds a refresh token by its hash, used or not, unless its family has ended or its person is gone.
pub(crate) async fn refresh(
    tx: &Tx,
    token_hash: Vec<u8>,
    now: Timestamp,
) -> Result<Option<Refresh>, DbError> {
    let sql = format!(
        "SELECT r.id, r.session_id, r.expires_at, s.user_id, {COLUMNS} FROM refresh_tokens r \
         JOIN sessions s ON s.id = r.session_id JOIN users u ON u.id = s.user_id {} \
         WHERE r.token_hash = $1 AND s.revoked_at IS NULL AND NOT u.is_deleted",
        holding("$2")
    );
    tx.one(tx.statement(&sql, [token_hash.into(), now.into()])).await
}

/// Marks a refresh token as used; returns whether it was unused. Of two concurrent requests, the second
/// finds it used.
pub(crate) async fn use_up(tx: &Tx, id: Uuid, now: Timestamp) -> Result<bool, DbError> {
    let sql =
        "UPDATE refresh_tokens SET used_at = $1, revoked_at = $1 WHERE id = $2 AND used_at IS NULL";
    let used = tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    Ok(used > 0)
}

/// Ends the family of a refresh token, whether or not the token was used.
pub(crate) async fn end(tx: &Tx, token_hash: Vec<u8>, now: Timestamp) -> Result<(), DbError> {
    for (table, key) in [("sessions", "id"), ("refresh_tokens", "session_id")] {
        let sql = format!(
            "UPDATE {table} SET revoked_at = $1 WHERE revoked_at IS NULL AND {key} IN \
             (SELECT session_id FROM refresh_tokens WHERE token_hash = $2)"
        );
        tx.run(tx.statement(&sql, [now.into(), token_hash.clone().into()])).await?;
    }
    Ok(())
}

/// Deletes refresh tokens that expired before an instant, so that their families can be deleted.
pub(crate) async fn forget(tx: &Tx, before: Timestamp) -> Result<(), DbError> {
    let sql = "DELETE FROM refresh_tokens WHERE expires_at < $1";
    tx.run(tx.statement(sql, [before.into()])).await?;
    Ok(())
}
