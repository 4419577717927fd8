use std::collections::HashMap;

use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::db::{DbError, Kind, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::EntryWithExplanation;

const ENTRY: &str = "id, source_kind, source_id, reason, generation, kind, points, occurred_at, \
     created_at, explanation";

/// Lists a person's entries before `before` (exclusive), newest first, by when they were earned.
pub async fn of_person(
    db: &impl Sql,
    person: UserId,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<EntryWithExplanation>, DbError> {
    let mut query = db.query();
    let (person, limit) = (query.bind(person), query.bind(limit));
    let earlier = before.map_or(String::new(), |(at, id)| {
        format!("AND (occurred_at, id) < ({}, {})", query.bind(at), query.bind(id))
    });
    let sql = format!(
        "SELECT {ENTRY} FROM point_transactions WHERE user_id = {person} {earlier} \
         ORDER BY occurred_at DESC, id DESC LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// Returns when a person first earned points; `None` without entries.
///
/// # Errors
/// When the database fails.
pub async fn first_earned(db: &impl Sql, person: UserId) -> Result<Option<Timestamp>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        occurred_at: Timestamp,
    }
    let sql = "SELECT occurred_at FROM point_transactions WHERE user_id = $1 \
               ORDER BY occurred_at, id LIMIT 1";
    let row: Option<Row> = db.one(db.statement(sql, [person.into()])).await?;
    Ok(row.map(|row| row.occurred_at))
}

/// Returns the ID of the entry that was posted last, subject to the clocks of all processes. This is
/// sufficient to detect new entries.
pub async fn latest(db: &impl Sql) -> Result<Option<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "SELECT id FROM point_transactions ORDER BY id DESC LIMIT 1";
    let row: Option<Row> = db.one(db.statement(sql, [])).await?;
    Ok(row.map(|row| row.id))
}

/// A person's points on a day, by when they were earned, with reversals subtracted and without redemptions.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Day {
    /// The UTC day, as `YYYY-MM-DD`.
    pub day: String,
    /// The sum of the day's entries.
    pub points: Points,
}

/// Lists a person's days with entries since an instant, earliest first.
pub async fn days(db: &impl Sql, person: UserId, since: Timestamp) -> Result<Vec<Day>, DbError> {
    let mut query = db.query();
    let (person, since) = (query.bind(person), query.bind(since));
    let sql = format!("{} ORDER BY 1", days_sql(db, &person, &since));
    db.all(query.statement(sql)).await
}

pub(super) fn days_sql(db: &impl Sql, person: &str, since: &str) -> String {
    let day = db.day("occurred_at");
    format!(
        "SELECT {day} AS day, CAST(sum(points) AS bigint) AS points FROM point_transactions \
         WHERE user_id = {person} AND occurred_at >= {since} AND kind <> 'REDEMPTION' GROUP BY 1"
    )
}

/// Returns when the latest entry of each source of a kind was posted. Sources without entries are left out.
pub async fn last_posted(
    db: &impl Sql,
    kind: &'static str,
    sources: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Timestamp>, DbError> {
    let mut query = db.query();
    let (rows, kind) = (query.rows(ids(sources), "r"), query.bind(kind));
    let sql = format!(
        "SELECT t.source_id, max(t.created_at) AS posted_at FROM {rows} \
         JOIN point_transactions t ON t.source_id = r.id WHERE t.source_kind = {kind} \
         GROUP BY t.source_id"
    );
    let columns = [("source_id", Kind::Uuid), ("posted_at", Kind::At)];
    let found: Vec<(Uuid, Timestamp)> = db.documents(query.documents(&columns, &sql)).await?;
    Ok(found.into_iter().collect())
}

/// Returns the sum of entries per source of a kind, for sources with IDs above `after` and up to `last`.
pub async fn sums(
    db: &impl Sql,
    kind: &'static str,
    after: Uuid,
    last: Uuid,
) -> Result<HashMap<Uuid, Points>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        source_id: Uuid,
        points: Points,
    }
    let sql = "SELECT source_id, CAST(sum(points) AS bigint) AS points FROM point_transactions \
               WHERE source_id > $1 AND source_id <= $2 AND source_kind = $3 GROUP BY source_id";
    let rows: Vec<Row> =
        db.all(db.statement(sql, [after.into(), last.into(), kind.into()])).await?;
    Ok(rows.into_iter().map(|row| (row.source_id, row.points)).collect())
}

/// Returns the points that a person can spend: all that they earned, without those that they spent.
pub async fn spendable(db: &impl Sql, person: UserId) -> Result<Points, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        points: Points,
    }
    let sql = "SELECT CAST(coalesce(sum(points), 0) AS bigint) AS points FROM point_transactions \
               WHERE user_id = $1";
    let row: Option<Row> = db.one(db.statement(sql, [person.into()])).await?;
    Ok(row.map_or(0, |row| row.points))
}

/// Lists the entries of a source, ordered by when they were earned, reason and generation.
pub async fn of_source(
    db: &impl Sql,
    kind: &'static str,
    id: Uuid,
) -> Result<Vec<EntryWithExplanation>, DbError> {
    let sql = format!(
        "SELECT {ENTRY} FROM point_transactions WHERE source_id = $1 AND source_kind = $2 \
         ORDER BY occurred_at, reason, generation"
    );
    db.all(db.statement(&sql, [id.into(), kind.into()])).await
}
