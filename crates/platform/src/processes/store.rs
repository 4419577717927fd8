use kernel::{Clock as _, Timestamp};

use super::Process;
use crate::{
    Context, SystemClock,
    db::{DbError, Sql},
};

const COLUMNS: &str = "id, created_at, kind, version, host, process_id, does_jobs, last_seen_at, \
                       key_fingerprint, refused_signatures, forwarded_by, failing_services, \
                       low_disk";

/// Returns the processes that run or were in contact within a day, the longest-running first.
pub async fn all(db: &impl Sql) -> Result<Vec<Process>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM processes ORDER BY created_at, id");
    db.all(db.statement(&sql, [])).await
}

/// Returns the seconds by which the clock of this machine is ahead of the database's; negative if it is behind.
pub(super) async fn clock_ahead(db: &impl Sql) -> Result<i64, DbError> {
    let sql = format!("SELECT {}", db.epoch_seconds("CURRENT_TIMESTAMP"));
    let theirs = db.count(db.statement(&sql, [])).await?;
    Ok(SystemClock.now().timestamp() - theirs)
}

/// Writes the row of a process.
pub(super) async fn write(context: &Context, own: &Process) -> Result<(), DbError> {
    let sql = format!(
        "INSERT INTO processes ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
         ON CONFLICT (id) DO UPDATE SET last_seen_at = excluded.last_seen_at, \
         key_fingerprint = excluded.key_fingerprint, refused_signatures = excluded.refused_signatures, \
         forwarded_by = excluded.forwarded_by, failing_services = excluded.failing_services, \
         low_disk = excluded.low_disk"
    );
    let values = [
        own.id.into(),
        own.created_at.into(),
        own.kind.as_str().into(),
        own.version.as_str().into(),
        own.host.as_str().into(),
        own.process_id.into(),
        own.does_jobs.into(),
        own.last_seen_at.into(),
        own.key_fingerprint.as_str().into(),
        own.refused_signatures.into(),
        own.forwarded_by.as_deref().into(),
        own.failing_services.as_str().into(),
        own.low_disk.as_deref().into(),
    ];
    let tx = context.begin().await?;
    tx.run(tx.statement(&sql, values)).await?;
    tx.commit().await
}

/// Deletes the row of a process that stops.
pub(super) async fn remove(context: &Context, own: &Process) -> Result<(), DbError> {
    let tx = context.begin().await?;
    tx.run(tx.statement("DELETE FROM processes WHERE id = $1", [own.id.into()])).await?;
    tx.commit().await
}

/// Deletes the rows of processes that were last in contact before an instant.
pub(super) async fn prune(context: &Context, before: Timestamp) -> Result<(), DbError> {
    let tx = context.begin().await?;
    let sql = "DELETE FROM processes WHERE last_seen_at < $1";
    tx.run(tx.statement(sql, [before.into()])).await?;
    tx.commit().await
}
