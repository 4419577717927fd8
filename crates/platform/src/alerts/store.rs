use kernel::Timestamp;
use sea_orm::FromQueryResult;

use super::{Alert, Severity};
use crate::db::{DbError, Sql, Tx};

const ALERT: &str = "id, created_at, kind, subject, severity, title, detail, link, last_sent_at, \
                     alerts_sent, resolved_at";

/// Returns the open incidents of a kind.
pub(super) async fn open(db: &impl Sql, kind: &str) -> Result<Vec<Alert>, DbError> {
    let sql = format!("SELECT {ALERT} FROM alerts WHERE kind = $1 AND resolved_at IS NULL");
    db.all(db.statement(&sql, [kind.into()])).await
}

/// Returns the kind and the severity of each open incident.
pub(super) async fn all_open(db: &impl Sql) -> Result<Vec<(String, Severity)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        kind: String,
        severity: Severity,
    }
    let sql = "SELECT kind, severity FROM alerts WHERE resolved_at IS NULL";
    let rows: Vec<Row> = db.all(db.statement(sql, [])).await?;
    Ok(rows.into_iter().map(|row| (row.kind, row.severity)).collect())
}

/// Returns true if an incident of a kind is open.
pub async fn is_open(db: &impl Sql, kind: &str) -> Result<bool, DbError> {
    Ok(!open(db, kind).await?.is_empty())
}

/// Returns the latest incidents, open ones first.
pub async fn latest(db: &impl Sql, limit: i64) -> Result<Vec<Alert>, DbError> {
    let sql = format!(
        "SELECT {ALERT} FROM alerts ORDER BY resolved_at IS NOT NULL, created_at DESC, id DESC LIMIT $1"
    );
    db.all(db.statement(&sql, [limit.into()])).await
}

pub(super) async fn insert(tx: &Tx, alert: &Alert) -> Result<(), DbError> {
    let sql = format!(
        "INSERT INTO alerts ({ALERT}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    let values = [
        alert.id.into(),
        alert.created_at.into(),
        alert.kind.as_str().into(),
        alert.subject.as_str().into(),
        alert.severity.as_str().into(),
        alert.title.as_str().into(),
        alert.detail.as_str().into(),
        alert.link.as_str().into(),
        alert.last_sent_at.into(),
        alert.alerts_sent.into(),
        alert.resolved_at.into(),
    ];
    tx.run(tx.statement(&sql, values)).await?;
    Ok(())
}

/// Updates an incident's text, its notifications and when it was resolved.
pub(super) async fn keep(tx: &Tx, alert: &Alert) -> Result<(), DbError> {
    let sql = "UPDATE alerts SET severity = $1, title = $2, detail = $3, last_sent_at = $4, \
               alerts_sent = $5, resolved_at = $6 WHERE id = $7";
    let values = [
        alert.severity.as_str().into(),
        alert.title.as_str().into(),
        alert.detail.as_str().into(),
        alert.last_sent_at.into(),
        alert.alerts_sent.into(),
        alert.resolved_at.into(),
        alert.id.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Deletes incidents that were resolved before an instant. Returns their number.
pub async fn forget(context: &crate::Context, before: Timestamp) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let sql = "DELETE FROM alerts WHERE resolved_at < $1";
    let forgotten = tx.run(tx.statement(sql, [before.into()])).await?;
    tx.commit().await?;
    Ok(forgotten)
}
