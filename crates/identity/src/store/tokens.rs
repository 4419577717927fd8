use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{
    bans::{COLUMNS, holding},
    sessions::PersonColumns,
};
use crate::model::{Scopes, UserId};

/// A token to insert.
pub(crate) struct NewTokenRow<'a> {
    pub(crate) id: Uuid,
    pub(crate) user_id: UserId,
    pub(crate) name: &'a str,
    pub(crate) token_hash: Vec<u8>,
    pub(crate) scopes: String,
    pub(crate) now: Timestamp,
    pub(crate) expires_at: Timestamp,
}

pub(crate) async fn insert(tx: &Tx, new: NewTokenRow<'_>) -> Result<(), DbError> {
    let sql = "INSERT INTO api_tokens (id, created_at, user_id, name, token_hash, scopes, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        new.id.into(),
        new.now.into(),
        new.user_id.into(),
        new.name.into(),
        new.token_hash.into(),
        new.scopes.into(),
        new.expires_at.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct TokenWithPerson {
    pub(crate) token_id: Uuid,
    pub(crate) scopes: Scopes,
    pub(crate) expires_at: Timestamp,
    pub(crate) last_used_at: Option<Timestamp>,
    #[sea_orm(nested)]
    pub(crate) person: PersonColumns,
}

/// Finds a token by its hash, expired or not, unless it was revoked or its person is gone.
pub(crate) async fn find(
    db: &impl Sql,
    token_hash: Vec<u8>,
    now: Timestamp,
) -> Result<Option<TokenWithPerson>, DbError> {
    let sql = format!(
        "SELECT t.id AS token_id, t.user_id, t.scopes, t.expires_at, t.last_used_at, \
         t.factor_proven_at, f.confirmed_at AS factor_at, u.login, u.name, u.picture, u.is_minor, u.role, u.theme, {COLUMNS} \
         FROM api_tokens t JOIN users u ON u.id = t.user_id \
         LEFT JOIN second_factors f ON f.user_id = t.user_id {} \
         WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND NOT u.is_deleted",
        holding("$2")
    );
    db.one(db.statement(&sql, [token_hash.into(), now.into()])).await
}

/// Records when a token was last used.
pub(crate) async fn touch(tx: &Tx, id: Uuid, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE api_tokens SET last_used_at = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    Ok(())
}

/// Revokes a person's token; returns the number of tokens revoked.
pub(crate) async fn revoke(
    tx: &Tx,
    user_id: UserId,
    id: Uuid,
    now: Timestamp,
) -> Result<u64, DbError> {
    let sql = "UPDATE api_tokens SET revoked_at = $1 \
               WHERE id = $2 AND user_id = $3 AND revoked_at IS NULL";
    tx.run(tx.statement(sql, [now.into(), id.into(), user_id.into()])).await
}

/// Counts a person's valid tokens.
pub(crate) async fn count(tx: &Tx, user_id: UserId, now: Timestamp) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM api_tokens \
               WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2";
    tx.count(tx.statement(sql, [user_id.into(), now.into()])).await
}

/// Deletes tokens that expired before an instant; returns their number.
pub(crate) async fn forget(tx: &Tx, before: Timestamp) -> Result<u64, DbError> {
    let sql = "DELETE FROM api_tokens WHERE expires_at < $1";
    tx.run(tx.statement(sql, [before.into()])).await
}
