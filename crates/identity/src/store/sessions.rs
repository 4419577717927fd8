use kernel::Timestamp;
use platform::{
    db::{Cell, DbError, Sql, Tx},
    theme::Theme,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::bans::{BanColumns, COLUMNS, holding};
use crate::model::{Role, UserId};

/// A session to insert.
pub(crate) struct NewSession<'a> {
    pub(crate) id: Uuid,
    pub(crate) user_id: UserId,
    pub(crate) token_hash: Vec<u8>,
    pub(crate) now: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) user_agent: Option<&'a str>,
    pub(crate) address_prefix: Option<&'a str>,
    pub(crate) is_program: bool,
}

pub(crate) async fn insert(tx: &Tx, new: NewSession<'_>) -> Result<(), DbError> {
    let sql = "INSERT INTO sessions (id, user_id, token_hash, created_at, last_seen_at, expires_at, \
               user_agent, address_prefix, is_program) VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8)";
    let values = [
        new.id.into(),
        new.user_id.into(),
        new.token_hash.into(),
        new.now.into(),
        new.expires_at.into(),
        new.user_agent.into(),
        new.address_prefix.into(),
        new.is_program.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Lists the user agents of a person's sessions, including ended ones.
pub(crate) async fn devices(tx: &Tx, user_id: UserId) -> Result<Vec<String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_agent: String,
    }
    let sql = "SELECT DISTINCT user_agent FROM sessions \
               WHERE user_id = $1 AND user_agent IS NOT NULL LIMIT 200";
    let rows: Vec<Row> = tx.all(tx.statement(sql, [user_id.into()])).await?;
    Ok(rows.into_iter().map(|row| row.user_agent).collect())
}

#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct SessionWithPerson {
    pub(crate) session_id: Uuid,
    pub(crate) last_seen_at: Timestamp,
    #[sea_orm(nested)]
    pub(crate) person: PersonColumns,
}

/// The person of a session or a token.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct PersonColumns {
    pub(crate) user_id: Uuid,
    pub(crate) login: String,
    pub(crate) role: Role,
    /// The name that the person chose.
    pub(crate) name: Option<String>,
    pub(crate) picture: Option<String>,
    pub(crate) is_minor: bool,
    /// When the person confirmed their second factor.
    pub(crate) factor_at: Option<Timestamp>,
    /// When the session or token proved it.
    pub(crate) factor_proven_at: Option<Timestamp>,
    /// The color scheme of pages that they chose.
    pub(crate) theme: Option<Theme>,
    #[sea_orm(nested)]
    pub(crate) ban: BanColumns,
}

/// Finds a session by its token's hash, with its person and their ban, unless it has ended or the person is
/// gone.
pub(crate) async fn find(
    db: &impl Sql,
    token_hash: Vec<u8>,
    now: Timestamp,
) -> Result<Option<SessionWithPerson>, DbError> {
    find_where(db, "s.token_hash = $1", token_hash.into(), now).await
}

/// Finds the session that matches a condition on `$1`, unless it has ended or its person is gone.
pub(super) async fn find_where(
    db: &impl Sql,
    condition: &str,
    value: Cell,
    now: Timestamp,
) -> Result<Option<SessionWithPerson>, DbError> {
    let sql = format!(
        "SELECT s.id AS session_id, s.user_id, s.last_seen_at, s.factor_proven_at, \
         f.confirmed_at AS factor_at, u.login, u.name, u.picture, u.is_minor, u.role, u.theme, {COLUMNS} \
         FROM sessions s JOIN users u ON u.id = s.user_id \
         LEFT JOIN second_factors f ON f.user_id = s.user_id {} \
         WHERE {condition} AND s.expires_at > $2 AND s.revoked_at IS NULL AND NOT u.is_deleted",
        holding("$2")
    );
    db.one(db.statement(&sql, [value, now.into()])).await
}

/// Prolongs a session in use. Returns false if it has ended.
pub(crate) async fn touch(
    tx: &Tx,
    id: Uuid,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE sessions SET last_seen_at = $1, expires_at = $2 \
               WHERE id = $3 AND revoked_at IS NULL";
    let values = [now.into(), expires_at.into(), id.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Marks the refresh tokens of a person's ended sessions; `$1` is the person, `$2` now. It follows the statement that
/// ends them: whoever changes a session and its tokens begins with the session, and waits there for a refresh.
pub(super) const REVOKE_TOKENS: &str = "UPDATE refresh_tokens SET revoked_at = $2 WHERE revoked_at IS NULL \
     AND session_id IN (SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NOT NULL)";

/// Ends the session with a token; returns the number of sessions ended.
pub(crate) async fn end(tx: &Tx, token_hash: Vec<u8>, now: Timestamp) -> Result<u64, DbError> {
    let sql = "UPDATE sessions SET revoked_at = $1 WHERE token_hash = $2 AND revoked_at IS NULL";
    tx.run(tx.statement(sql, [now.into(), token_hash.into()])).await
}

/// Ends a session of a person; returns the number of sessions ended.
pub(crate) async fn revoke(
    tx: &Tx,
    user_id: UserId,
    id: Uuid,
    now: Timestamp,
) -> Result<u64, DbError> {
    let sql = "UPDATE sessions SET revoked_at = $1 \
               WHERE id = $2 AND user_id = $3 AND revoked_at IS NULL";
    let ended = tx.run(tx.statement(sql, [now.into(), id.into(), user_id.into()])).await?;
    tx.run(tx.statement(REVOKE_TOKENS, [user_id.into(), now.into()])).await?;
    Ok(ended)
}

/// Ends all but one of a person's sessions; returns their number.
pub(crate) async fn revoke_others(
    tx: &Tx,
    user_id: UserId,
    but: Uuid,
    now: Timestamp,
) -> Result<u64, DbError> {
    let sql = "UPDATE sessions SET revoked_at = $1 \
               WHERE user_id = $2 AND id <> $3 AND revoked_at IS NULL AND expires_at > $1";
    let ended = tx.run(tx.statement(sql, [now.into(), user_id.into(), but.into()])).await?;
    tx.run(tx.statement(REVOKE_TOKENS, [user_id.into(), now.into()])).await?;
    Ok(ended)
}

/// Deletes sessions that expired before an instant; returns their number.
pub(crate) async fn forget(tx: &Tx, before: Timestamp) -> Result<u64, DbError> {
    let sql = "DELETE FROM sessions WHERE expires_at < $1";
    tx.run(tx.statement(sql, [before.into()])).await
}
