//! Closed and erased accounts, and exports.

use kernel::Timestamp;
use platform::db::{DbError, Kind, Rows, Sql, Tx, ascii_lower, erase_rows};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{identities::StoredIdentity, sessions::REVOKE_TOKENS};
use crate::model::UserId;

/// The closing state of an account.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub(crate) struct ClosingState {
    pub(crate) is_deleted: bool,
    pub(crate) closed_at: Option<Timestamp>,
    pub(crate) erased_at: Option<Timestamp>,
}

pub(crate) async fn closing_state(
    db: &impl Sql,
    id: UserId,
) -> Result<Option<ClosingState>, DbError> {
    let sql = "SELECT is_deleted, closed_at, erased_at FROM users WHERE id = $1";
    db.one(db.statement(sql, [id.into()])).await
}

/// Closes an account: hides it, and ends its sessions and tokens.
pub(crate) async fn close(tx: &Tx, id: UserId, now: Timestamp) -> Result<(), DbError> {
    for sql in [
        "UPDATE users SET is_deleted = true, closed_at = $2, updated_at = $2 WHERE id = $1",
        "UPDATE sessions SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL",
        REVOKE_TOKENS,
        "UPDATE api_tokens SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL",
        "UPDATE github_tokens SET revoked_at = $2, token_secret = NULL WHERE user_id = $1 AND revoked_at IS NULL",
    ] {
        tx.run(tx.statement(sql, [id.into(), now.into()])).await?;
    }
    Ok(())
}

pub(crate) async fn reopen(tx: &Tx, id: UserId, now: Timestamp) -> Result<(), DbError> {
    let sql =
        "UPDATE users SET is_deleted = false, closed_at = NULL, updated_at = $2 WHERE id = $1";
    tx.run(tx.statement(sql, [id.into(), now.into()])).await?;
    Ok(())
}

/// Lists accounts that were closed by an instant and are not yet erased.
pub(crate) async fn closed_until(
    db: &impl Sql,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<UserId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "SELECT id FROM users WHERE closed_at IS NOT NULL AND erased_at IS NULL \
               AND closed_at <= $1 ORDER BY closed_at LIMIT $2";
    let rows: Vec<Row> = db.all(db.statement(sql, [until.into(), limit.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Erases this module's data about a person, except the pseudonym and the identities.
pub(crate) async fn erase(
    tx: &Tx,
    id: UserId,
    pseudonym: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let address = ascii_lower("address");
    let links = format!(
        "DELETE FROM sign_in_links WHERE user_id = $1 OR {address} IN \
         (SELECT {address} FROM user_emails WHERE user_id = $1)"
    );
    let statements = [
        links.as_str(),
        "DELETE FROM user_emails WHERE user_id = $1",
        "DELETE FROM user_logins WHERE user_id = $1",
        // Sessions before their tokens, as in a refresh at the same time.
        "UPDATE sessions SET expires_at = created_at WHERE user_id = $1",
        "DELETE FROM refresh_tokens WHERE session_id IN \
         (SELECT id FROM sessions WHERE user_id = $1)",
        "DELETE FROM sessions WHERE user_id = $1",
        "DELETE FROM api_tokens WHERE user_id = $1",
        "DELETE FROM github_tokens WHERE user_id = $1",
        "DELETE FROM second_factors WHERE user_id = $1",
        "DELETE FROM recovery_codes WHERE user_id = $1",
        "DELETE FROM wrong_codes WHERE user_id = $1",
        "DELETE FROM account_exports WHERE user_id = $1",
        "DELETE FROM setup_codes WHERE user_id = $1",
        "DELETE FROM profiles WHERE user_id = $1",
        "UPDATE bans SET reason = 'Erased' WHERE user_id = $1",
    ];
    erase_rows(tx, id.0, &statements).await?;
    let sql = "UPDATE users SET login = $2, name = NULL, picture = NULL, is_minor = false, avatar_url = NULL, email = NULL, \
               is_email_verified = false, timezone = NULL, theme = NULL, role = 'user', is_deleted = true, \
               closed_at = coalesce(closed_at, $3), erased_at = $3, updated_at = $3 WHERE id = $1";
    let values = [id.into(), pseudonym.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// An identity with its provider and subject.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct NamedIdentity {
    pub(crate) id: Uuid,
    pub(crate) provider: String,
    pub(crate) subject: String,
}

pub(crate) async fn identities(tx: &Tx, id: UserId) -> Result<Vec<NamedIdentity>, DbError> {
    let sql = "SELECT id, provider, subject FROM user_identities WHERE user_id = $1";
    tx.all(tx.statement(sql, [id.into()])).await
}

/// Replaces an identity's subject with a tombstone.
pub(crate) async fn bury(tx: &Tx, identity: Uuid, tombstone: &str) -> Result<(), DbError> {
    let sql = "UPDATE user_identities SET subject = $2, label = NULL, used_at = NULL, \
               former_login = NULL, account_created_at = NULL WHERE id = $1";
    tx.run(tx.statement(sql, [identity.into(), tombstone.into()])).await?;
    Ok(())
}

/// Finds identities by their tombstones.
pub(crate) async fn buried(
    tx: &Tx,
    provider: &str,
    tombstones: Vec<String>,
) -> Result<Vec<(String, StoredIdentity)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        subject: String,
        #[sea_orm(nested)]
        found: StoredIdentity,
    }
    let mut rows = Rows::new([("subject", Kind::Text)]);
    for tombstone in tombstones {
        rows.push([tombstone.into()]);
    }
    let mut query = tx.query();
    let (rows, provider) = (query.rows(rows, "r"), query.bind(provider));
    // CROSS JOIN makes SQLite start with the set. Without statistics, it would scan all identities.
    let sql = format!(
        "SELECT i.subject, i.id, i.user_id, i.unlinked_at FROM {rows} CROSS JOIN user_identities i \
         WHERE i.provider = {provider} AND i.subject = r.subject"
    );
    let rows: Vec<Row> = tx.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| (row.subject, row.found)).collect())
}

/// The state of a person's export.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub(crate) struct Export {
    pub(crate) created_at: Timestamp,
    pub(crate) completed_at: Option<Timestamp>,
}

pub(crate) async fn export(db: &impl Sql, person: UserId) -> Result<Option<Export>, DbError> {
    let sql = "SELECT created_at, completed_at FROM account_exports WHERE user_id = $1";
    db.one(db.statement(sql, [person.into()])).await
}

/// Stores a request for an export, and deletes an earlier one.
pub(crate) async fn ask(tx: &Tx, id: Uuid, person: UserId, now: Timestamp) -> Result<(), DbError> {
    erase_rows(tx, person.0, &["DELETE FROM account_exports WHERE user_id = $1"]).await?;
    let sql = "INSERT INTO account_exports (id, created_at, user_id) VALUES ($1, $2, $3)";
    tx.run(tx.statement(sql, [id.into(), now.into(), person.into()])).await?;
    Ok(())
}

/// Returns the person of an export that is not yet prepared.
pub(crate) async fn asked(db: &impl Sql, id: Uuid) -> Result<Option<UserId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
    }
    let sql = "SELECT user_id FROM account_exports WHERE id = $1 AND completed_at IS NULL";
    let row: Option<Row> = db.one(db.statement(sql, [id.into()])).await?;
    Ok(row.map(|row| row.user_id.into()))
}

pub(crate) async fn complete(
    tx: &Tx,
    id: Uuid,
    document: Vec<u8>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE account_exports SET document = $2, completed_at = $3 WHERE id = $1";
    tx.run(tx.statement(sql, [id.into(), document.into(), now.into()])).await?;
    Ok(())
}

/// Returns a person's export that was requested after an instant.
pub(crate) async fn document(
    db: &impl Sql,
    person: UserId,
    since: Timestamp,
) -> Result<Option<Vec<u8>>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        document: Option<Vec<u8>>,
    }
    let sql = "SELECT document FROM account_exports WHERE user_id = $1 AND created_at > $2";
    let row: Option<Row> = db.one(db.statement(sql, [person.into(), since.into()])).await?;
    Ok(row.and_then(|row| row.document))
}

/// Deletes exports requested before an instant; returns their number.
pub(crate) async fn forget(tx: &Tx, before: Timestamp) -> Result<u64, DbError> {
    let sql = "DELETE FROM account_exports WHERE created_at < $1";
    tx.run(tx.statement(sql, [before.into()])).await
}
