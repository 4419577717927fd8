//! The number of people who used the server on each day. It names no one.

use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx};
use sea_orm::FromQueryResult;

/// Counts the people who were seen with a session or a token since an instant. A session is touched once an hour.
pub(crate) async fn seen_since(db: &impl Sql, since: Timestamp) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM (SELECT user_id FROM sessions WHERE last_seen_at >= $1 \
               UNION SELECT user_id FROM api_tokens WHERE last_used_at >= $1) AS seen";
    db.count(db.statement(sql, [since.into()])).await
}

/// Writes the number of a day, such as `2026-11-01`, and deletes the days before `oldest`.
pub(crate) async fn write(tx: &Tx, day: &str, people: i64, oldest: &str) -> Result<(), DbError> {
    let sql = "INSERT INTO active_days (day, people) VALUES ($1, $2) \
               ON CONFLICT (day) DO UPDATE SET people = excluded.people";
    tx.run(tx.statement(sql, [day.into(), people.into()])).await?;
    let sql = "DELETE FROM active_days WHERE day < $1";
    tx.run(tx.statement(sql, [oldest.into()])).await?;
    Ok(())
}

/// Returns the numbers of the days since `first`, the latest first.
pub(crate) async fn since(db: &impl Sql, first: &str) -> Result<Vec<i64>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        people: i64,
    }
    let sql = "SELECT people FROM active_days WHERE day >= $1 ORDER BY day DESC";
    let rows: Vec<Row> = db.all(db.statement(sql, [first.into()])).await?;
    Ok(rows.into_iter().map(|row| row.people).collect())
}
