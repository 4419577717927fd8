use std::collections::BTreeSet;

use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::super::name::JobName;
use crate::db::{DbError, Sql, Tx};

/// Returns the names of the paused jobs.
pub async fn paused(db: &impl Sql) -> Result<BTreeSet<String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
    }
    let rows: Vec<Row> = db.all(db.statement("SELECT name FROM job_pauses", [])).await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// Adds a pause, unless there is one.
pub(in crate::jobs) async fn insert(
    tx: &Tx,
    id: Uuid,
    name: &'static str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO job_pauses (id, created_at, name) VALUES ($1, $2, $3) \
               ON CONFLICT (name) DO NOTHING";
    let values = [id.into(), now.into(), name.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Removes the pause of a job, under either name. Returns true if there was one.
pub(in crate::jobs) async fn remove(tx: &Tx, job: JobName) -> Result<bool, DbError> {
    let sql = "DELETE FROM job_pauses WHERE name = $1 OR name = $2";
    let values = [job.now.into(), job.shared().into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}
