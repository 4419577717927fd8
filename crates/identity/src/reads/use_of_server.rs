use chrono::NaiveDate;
use kernel::Timestamp;
use platform::db::{DbError, Sql, count_by_day};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::UserId;

/// A day on which a person was active.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenPerson {
    pub user_id: UserId,
    pub day: NaiveDate,
    /// When they first signed in.
    pub joined_at: Timestamp,
}

/// Counts the people who signed in for the first time, by day.
pub(crate) async fn sign_ups(
    db: &impl Sql,
    since: Timestamp,
) -> Result<Vec<(NaiveDate, i64)>, DbError> {
    count_by_day(db, "users", "claimed_at", "claimed_at IS NOT NULL", since).await
}

/// Returns the people whose sessions and tokens were last used since an instant, each with the days (UTC) of that. Either knows
/// only its last use.
pub async fn people_seen(db: &impl Sql, since: Timestamp) -> Result<Vec<SeenPerson>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
        day: String,
        claimed_at: Timestamp,
    }
    let day = db.day("s.used_at");
    let sql = format!(
        "SELECT DISTINCT s.user_id, {day} AS day, u.claimed_at FROM \
         (SELECT user_id, last_seen_at AS used_at FROM sessions WHERE last_seen_at >= $1 UNION ALL \
         SELECT user_id, last_used_at FROM api_tokens WHERE last_used_at >= $1) AS s \
         JOIN users u ON u.id = s.user_id WHERE u.claimed_at IS NOT NULL AND NOT u.is_deleted ORDER BY 2, 1"
    );
    let rows: Vec<Row> = db.all(db.statement(&sql, [since.into()])).await?;
    let seen = |row: Row| {
        let day = row.day.parse().ok()?;
        Some(SeenPerson { user_id: row.user_id.into(), day, joined_at: row.claimed_at })
    };
    Ok(rows.into_iter().filter_map(seen).collect())
}
