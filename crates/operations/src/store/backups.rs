use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx};
use uuid::Uuid;

use crate::{model::Backup, rules::backups::Known};

const BACKUP: &str = "id, created_at, file, bytes, row_count, mismatches, verified_at, uploaded_at, \
                      removed_at, error";

/// Returns the latest backups, the newest first.
pub(crate) async fn latest(db: &impl Sql, limit: i64) -> Result<Vec<Backup>, DbError> {
    let sql = format!("SELECT {BACKUP} FROM backups ORDER BY created_at DESC, id DESC LIMIT $1");
    db.all(db.statement(&sql, [limit.into()])).await
}

/// Returns what is known about the backups.
pub(crate) async fn known(db: &impl Sql) -> Result<Known, DbError> {
    Ok(Known {
        first_at: first(db, "true", "created_at").await?,
        verified_at: first(db, "verified_at IS NOT NULL", "created_at DESC").await?,
        copied_at: first(db, "uploaded_at IS NOT NULL", "created_at DESC").await?,
    })
}

/// Returns when the first of the backups with a condition was begun.
async fn first(db: &impl Sql, condition: &str, order: &str) -> Result<Option<Timestamp>, DbError> {
    let sql = format!("SELECT {BACKUP} FROM backups WHERE {condition} ORDER BY {order} LIMIT 1");
    let found: Option<Backup> = db.one(db.statement(&sql, [])).await?;
    Ok(found.map(|backup| backup.created_at))
}

/// Returns the newest verified backup since an instant that was not copied elsewhere.
pub(crate) async fn uncopied(db: &impl Sql, since: Timestamp) -> Result<Option<Backup>, DbError> {
    let sql = format!(
        "SELECT {BACKUP} FROM backups WHERE verified_at IS NOT NULL AND error IS NOT NULL \
         AND uploaded_at IS NULL AND removed_at IS NULL AND created_at >= $1 \
         ORDER BY created_at DESC LIMIT 1"
    );
    db.one(db.statement(&sql, [since.into()])).await
}

/// Adds a backup.
pub(crate) async fn insert(tx: &Tx, backup: &Backup) -> Result<(), DbError> {
    let sql =
        format!("INSERT INTO backups ({BACKUP}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    let values = [
        backup.id.into(),
        backup.created_at.into(),
        backup.file.as_str().into(),
        backup.bytes.into(),
        backup.row_count.into(),
        backup.mismatches.into(),
        backup.verified_at.into(),
        backup.uploaded_at.into(),
        backup.removed_at.into(),
        backup.error.as_deref().into(),
    ];
    tx.run(tx.statement(&sql, values)).await?;
    Ok(())
}

/// Records that a backup was copied elsewhere, or why not.
pub(crate) async fn set_copied(
    tx: &Tx,
    id: Uuid,
    uploaded_at: Option<Timestamp>,
    error: Option<&str>,
) -> Result<(), DbError> {
    let sql = "UPDATE backups SET uploaded_at = $1, error = $2 WHERE id = $3";
    tx.run(tx.statement(sql, [uploaded_at.into(), error.into(), id.into()])).await?;
    Ok(())
}

/// Records that the file of a backup was removed.
pub(crate) async fn set_removed(tx: &Tx, file: &str, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE backups SET removed_at = $1 WHERE file = $2 AND removed_at IS NULL";
    tx.run(tx.statement(sql, [now.into(), file.into()])).await?;
    Ok(())
}

/// Deletes the records of backups whose files were removed before an instant. Returns their number.
pub(crate) async fn forget(tx: &Tx, before: Timestamp) -> Result<u64, DbError> {
    let sql = "DELETE FROM backups WHERE removed_at < $1";
    tx.run(tx.statement(sql, [before.into()])).await
}
