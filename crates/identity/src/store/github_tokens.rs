use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx, erase_rows};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::UserId;

/// The lock under which tokens are encrypted again ([`super::SEALED`]).
pub(crate) const LOCK: &str = "identity.github_tokens";

/// A stored token.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct GithubTokenRow {
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) created_at: Timestamp,
    pub(crate) login: String,
    pub(crate) scopes: String,
    /// The encrypted token; absent once it is revoked.
    pub(crate) token_secret: Option<Vec<u8>>,
    pub(crate) revoked_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, user_id, created_at, login, scopes, token_secret, revoked_at";

/// A token to insert.
pub(crate) struct NewGithubToken<'a> {
    pub(crate) id: Uuid,
    pub(crate) user_id: UserId,
    pub(crate) github_id: i64,
    pub(crate) login: &'a str,
    pub(crate) scopes: &'a str,
    pub(crate) token_secret: Vec<u8>,
    pub(crate) now: Timestamp,
}

/// Finds a person's token.
pub(crate) async fn of_person(
    db: &impl Sql,
    person: UserId,
) -> Result<Option<GithubTokenRow>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM github_tokens WHERE user_id = $1");
    db.one(db.statement(&sql, [person.into()])).await
}

/// Finds a person's token, unless their account is closed or erased.
pub(crate) async fn of_open_account(
    db: &impl Sql,
    person: UserId,
) -> Result<Option<GithubTokenRow>, DbError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM github_tokens t WHERE user_id = $1 \
         AND EXISTS (SELECT 1 FROM users u WHERE u.id = t.user_id AND NOT u.is_deleted)"
    );
    db.one(db.statement(&sql, [person.into()])).await
}

/// Finds the token of an account on GitHub, by GitHub's ID, unless its person's account is closed or erased.
pub(crate) async fn of_github(
    db: &impl Sql,
    github_id: i64,
) -> Result<Option<GithubTokenRow>, DbError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM github_tokens t WHERE github_id = $1 AND revoked_at IS NULL \
         AND EXISTS (SELECT 1 FROM users u WHERE u.id = t.user_id AND NOT u.is_deleted)"
    );
    db.one(db.statement(&sql, [github_id.into()])).await
}

/// Finds a token by its ID.
pub(crate) async fn by_id(db: &impl Sql, id: Uuid) -> Result<Option<GithubTokenRow>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM github_tokens WHERE id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Inserts a token in place of the person's earlier one.
pub(crate) async fn replace(tx: &Tx, new: NewGithubToken<'_>) -> Result<(), DbError> {
    delete(tx, new.user_id).await?;
    let sql = "INSERT INTO github_tokens (id, created_at, user_id, github_id, login, scopes, token_secret) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        new.id.into(),
        new.now.into(),
        new.user_id.into(),
        new.github_id.into(),
        new.login.into(),
        new.scopes.into(),
        new.token_secret.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Removes a token that GitHub no longer accepts; returns false if it was removed before.
pub(crate) async fn revoke(tx: &Tx, id: Uuid, now: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE github_tokens SET revoked_at = $1, token_secret = NULL \
               WHERE id = $2 AND revoked_at IS NULL";
    Ok(tx.run(tx.statement(sql, [now.into(), id.into()])).await? > 0)
}

/// Deletes a person's token.
pub(crate) async fn delete(tx: &Tx, person: UserId) -> Result<(), DbError> {
    let sql = "DELETE FROM github_tokens WHERE user_id = $1";
    erase_rows(tx, person.0, &[sql]).await
}
