//! Sign-in links. A row is a browser's request, for a known or unknown address; it gets a token and a
//! person when the email is written.

use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx, ascii_lower};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::AccountKind;

/// A link to insert.
pub(crate) struct NewSignInLink<'a> {
    pub(crate) id: Uuid,
    pub(crate) address: &'a str,
    pub(crate) browser_hash: Vec<u8>,
    pub(crate) return_to: &'a str,
    pub(crate) now: Timestamp,
    pub(crate) expires_at: Timestamp,
}

pub(crate) async fn insert(tx: &Tx, new: NewSignInLink<'_>) -> Result<(), DbError> {
    let sql = "INSERT INTO sign_in_links (id, created_at, address, browser_hash, return_to, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values = [
        new.id.into(),
        new.now.into(),
        new.address.into(),
        new.browser_hash.into(),
        new.return_to.into(),
        new.expires_at.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Counts the links requested for an address after an instant.
pub(crate) async fn asked_since(tx: &Tx, address: &str, since: Timestamp) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM sign_in_links WHERE address = $1 AND created_at > $2";
    tx.count(tx.statement(sql, [address.into(), since.into()])).await
}

/// The recipient of a link.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Addressee {
    pub(crate) user_id: Uuid,
    pub(crate) login: String,
    pub(crate) address: String,
}

/// Finds the recipient of a link that has neither expired nor been sent.
pub(crate) async fn addressee(
    tx: &Tx,
    id: Uuid,
    now: Timestamp,
) -> Result<Option<Addressee>, DbError> {
    let sql = format!(
        "SELECT e.user_id, u.login, e.address FROM sign_in_links l \
         JOIN user_emails e ON {} = {} AND e.verified_at IS NOT NULL \
         JOIN users u ON u.id = e.user_id \
         WHERE l.id = $1 AND l.token_hash IS NULL AND l.expires_at > $2 \
         AND (NOT u.is_deleted OR u.closed_at IS NOT NULL)",
        ascii_lower("e.address"),
        ascii_lower("l.address")
    );
    tx.one(tx.statement(&sql, [id.into(), now.into()])).await
}

/// Returns the address of a link that has neither expired nor been sent.
pub(crate) async fn unsent(tx: &Tx, id: Uuid, now: Timestamp) -> Result<Option<String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        address: String,
    }
    let sql = "SELECT address FROM sign_in_links \
               WHERE id = $1 AND token_hash IS NULL AND expires_at > $2";
    let row: Option<Row> = tx.one(tx.statement(sql, [id.into(), now.into()])).await?;
    Ok(row.map(|row| row.address))
}

/// Stores the hashes of the token and the code of a link, and the person; `None` for an invited address without an account.
pub(crate) async fn arm(
    tx: &Tx,
    id: Uuid,
    user_id: Option<Uuid>,
    (token_hash, code_hash): (Vec<u8>, Vec<u8>),
) -> Result<(), DbError> {
    let sql =
        "UPDATE sign_in_links SET user_id = $1, token_hash = $2, code_hash = $3 WHERE id = $4";
    let values = [user_id.into(), token_hash.into(), code_hash.into(), id.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ValidSignInLink {
    pub(crate) id: Uuid,
    pub(crate) address: String,
    /// The person; `None` if the link creates an account.
    pub(crate) user_id: Option<Uuid>,
    /// The kind of the person's account.
    pub(crate) kind: Option<AccountKind>,
    pub(crate) browser_hash: Vec<u8>,
    /// The hash of the code; `None` until the email is written.
    pub(crate) code_hash: Option<Vec<u8>>,
    /// The number of codes that were typed.
    pub(crate) code_tries: i64,
    pub(crate) return_to: String,
}

/// The hash by which a link is found.
#[derive(Clone, Debug)]
pub(crate) enum LinkBy {
    Token(Vec<u8>),
    /// The hash of the secret of the browser that requested it.
    Browser(Vec<u8>),
}

/// Finds a link, unless it has expired, was used, or its address is no longer the person's.
pub(crate) async fn find(
    tx: &Tx,
    by: LinkBy,
    now: Timestamp,
) -> Result<Option<ValidSignInLink>, DbError> {
    let (column, hash) = match by {
        LinkBy::Token(hash) => ("token_hash", hash),
        LinkBy::Browser(hash) => ("browser_hash", hash),
    };
    let sql = format!(
        "SELECT l.id, l.address, l.user_id, u.kind, l.browser_hash, l.code_hash, l.code_tries, l.return_to \
         FROM sign_in_links l LEFT JOIN users u ON u.id = l.user_id \
         WHERE l.{column} = $1 AND l.expires_at > $2 AND l.used_at IS NULL \
         AND (l.user_id IS NULL OR EXISTS (SELECT 1 FROM user_emails e WHERE e.user_id = l.user_id \
         AND {} = {} AND e.verified_at IS NOT NULL))",
        ascii_lower("e.address"),
        ascii_lower("l.address")
    );
    tx.one(tx.statement(&sql, [hash.into(), now.into()])).await
}

/// Counts a typed code for the open link of a browser.
pub(crate) async fn note_try(
    tx: &Tx,
    browser_hash: Vec<u8>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE sign_in_links SET code_tries = code_tries + 1 \
               WHERE browser_hash = $1 AND expires_at > $2 AND used_at IS NULL";
    tx.run(tx.statement(sql, [browser_hash.into(), now.into()])).await?;
    Ok(())
}

/// Marks a link as used; returns whether it was unused. Of two concurrent requests, the second finds it
/// used.
pub(crate) async fn use_up(tx: &Tx, id: Uuid, now: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE sign_in_links SET used_at = $1 WHERE id = $2 AND used_at IS NULL";
    let used = tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    Ok(used > 0)
}

/// Deletes links that expired before an instant; returns their number.
pub(crate) async fn forget(tx: &Tx, before: Timestamp) -> Result<u64, DbError> {
    let sql = "DELETE FROM sign_in_links WHERE expires_at < $1";
    tx.run(tx.statement(sql, [before.into()])).await
}
