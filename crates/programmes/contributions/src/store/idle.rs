use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    pull_request_id: Uuid,
}

fn ids(rows: Vec<Row>) -> Vec<Uuid> {
    rows.into_iter().map(|row| row.pull_request_id).collect()
}

/// The condition of the index of pull requests that no one was notified of as abandoned.
pub(super) const UNNOTED: &str =
    "state NOT IN ('MERGED', 'CLOSED') AND (idle_noted_at IS NULL OR idle_noted_at < abandoned_at)";

/// A deadline, and the further condition of the pull requests that passed it and are not noted.
const PASSED: [(&str, &str); 2] = [
    ("abandoned_at", "abandoned_at <= $1"),
    ("stale_at", "abandoned_at > $1 AND (idle_noted_at IS NULL OR idle_noted_at < stale_at)"),
];

/// Notes that open pull requests have become stale or abandoned, once for each deadline. Returns those whose deadline
/// passed at or after `news_since`; of the others, no one is notified.
pub(crate) async fn note_idle(
    tx: &Tx,
    now: Timestamp,
    news_since: Timestamp,
) -> Result<Vec<Uuid>, DbError> {
    let mut news = Vec::new();
    for (deadline, passed) in PASSED {
        let passed = format!("stale_at <= $1 AND {UNNOTED} AND {passed}");
        let recent = format!(
            "SELECT pull_request_id FROM contributions WHERE {passed} AND {deadline} >= $2"
        );
        let recent = tx.statement(&recent, [now.into(), news_since.into()]);
        news.extend(ids(tx.all(recent).await?));
        let noted = format!("UPDATE contributions SET idle_noted_at = {deadline} WHERE {passed}");
        tx.run(tx.statement(&noted, [now.into()])).await?;
    }
    Ok(news)
}

/// Finds open pull requests that were settled by an earlier release, without deadlines, at most `limit`.
pub(crate) async fn without_deadlines(tx: &Tx, limit: i64) -> Result<Vec<Uuid>, DbError> {
    let sql = format!(
        "SELECT pull_request_id FROM contributions WHERE stale_at IS NULL AND {UNNOTED} LIMIT $1"
    );
    Ok(ids(tx.all(tx.statement(&sql, [limit.into()])).await?))
}
