//! Setup codes, and the wrong ones that were tried.

use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{SetupCode, UserId};

/// Inserts a code that makes the first admin, or signs in `admin`.
pub(crate) async fn insert(
    tx: &Tx,
    id: Uuid,
    code_hash: Vec<u8>,
    admin: Option<UserId>,
    (now, expires_at): (Timestamp, Timestamp),
) -> Result<(), DbError> {
    let sql = "INSERT INTO setup_codes (id, created_at, code_hash, expires_at, user_id) \
               VALUES ($1, $2, $3, $4, $5)";
    let admin = admin.map(|admin| admin.0);
    let values = [id.into(), now.into(), code_hash.into(), expires_at.into(), admin.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// The condition that whoever a code `c` was made for is still an admin.
const HELD: &str = "(c.user_id IS NULL OR c.used_at IS NOT NULL OR EXISTS (SELECT 1 FROM users u \
                    WHERE u.id = c.user_id AND u.role = 'admin' AND NOT u.is_deleted))";

/// Finds a code by its hash, unless it was made for someone who is no longer an admin.
pub(crate) async fn find(db: &impl Sql, code_hash: Vec<u8>) -> Result<Option<SetupCode>, DbError> {
    let sql = format!(
        "SELECT c.id, c.expires_at, c.used_at, c.user_id FROM setup_codes c \
         WHERE c.code_hash = $1 AND {HELD}"
    );
    db.one(db.statement(&sql, [code_hash.into()])).await
}

/// Returns whether a code can sign an admin in.
pub(crate) async fn can_sign_in(db: &impl Sql, now: Timestamp) -> Result<bool, DbError> {
    let sql = format!(
        "SELECT count(*) FROM setup_codes c WHERE c.user_id IS NOT NULL AND c.used_at IS NULL \
         AND c.expires_at > $1 AND {HELD}"
    );
    Ok(db.count(db.statement(&sql, [now.into()])).await? > 0)
}

/// Returns when the newest code was made.
pub(crate) async fn newest(tx: &Tx) -> Result<Option<Timestamp>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        created_at: Timestamp,
    }
    let sql = "SELECT created_at FROM setup_codes ORDER BY created_at DESC LIMIT 1";
    let row: Option<Row> = tx.one(tx.statement(sql, [])).await?;
    Ok(row.map(|row| row.created_at))
}

/// Marks a code as used.
pub(crate) async fn use_up(tx: &Tx, id: Uuid, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE setup_codes SET used_at = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    Ok(())
}

/// Marks every code as used, once a person became the first admin.
pub(crate) async fn use_up_all(tx: &Tx, admin: UserId, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE setup_codes SET used_at = $1, user_id = coalesce(user_id, $2) \
               WHERE used_at IS NULL";
    tx.run(tx.statement(sql, [now.into(), admin.into()])).await?;
    Ok(())
}

/// Counts the wrong codes since an instant: those of a network, and all.
pub(crate) async fn tries(tx: &Tx, network: &str, since: Timestamp) -> Result<(i64, i64), DbError> {
    let own = "SELECT count(*) FROM setup_tries WHERE created_at >= $1 AND address_prefix = $2";
    let own = tx.count(tx.statement(own, [since.into(), network.into()])).await?;
    let all = "SELECT count(*) FROM setup_tries WHERE created_at >= $1";
    Ok((own, tx.count(tx.statement(all, [since.into()])).await?))
}

pub(crate) async fn note_try(
    tx: &Tx,
    id: Uuid,
    network: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO setup_tries (id, created_at, address_prefix) VALUES ($1, $2, $3)";
    tx.run(tx.statement(sql, [id.into(), now.into(), network.into()])).await?;
    Ok(())
}

/// Deletes codes that expired before an instant, and wrong ones from before it; returns the number of codes.
pub(crate) async fn forget(tx: &Tx, before: Timestamp) -> Result<u64, DbError> {
    let tries = "DELETE FROM setup_tries WHERE created_at < $1";
    tx.run(tx.statement(tries, [before.into()])).await?;
    let codes = "DELETE FROM setup_codes WHERE expires_at < $1";
    tx.run(tx.statement(codes, [before.into()])).await
}
