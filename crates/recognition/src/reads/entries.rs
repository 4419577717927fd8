use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// An entry of the ledger with the factors it was reckoned from.
#[derive(Clone, Debug, FromQueryResult)]
pub struct EntryWithExplanation {
    /// Its id.
    pub id: Uuid,
    /// The kind of thing it was earned by.
    pub source_kind: String,
    /// The thing it was earned by.
    pub source_id: Uuid,
    /// Why, as a code.
    pub reason: String,
    /// Counts the entries of this source and reason from 1.
    pub generation: i64,
    /// `AWARD`, `BONUS`, `PENALTY`, `REVERSAL` or `REDEMPTION`.
    pub kind: String,
    /// How many.
    pub points: Points,
    /// When it was earned.
    pub occurred_at: Timestamp,
    /// When it was written.
    pub created_at: Timestamp,
    /// The factors, as JSON.
    pub explanation: String,
}

const ENTRY: &str = "id, source_kind, source_id, reason, generation, kind, points, occurred_at, \
     created_at, explanation";

/// A person's latest entries before `before` (exclusive), newest first, by what they were earned for.
pub async fn of_person(
    db: &impl Sql,
    person: UserId,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<EntryWithExplanation>, DbError> {
    let mut query = db.query();
    let (person, limit) = (query.bind(person), query.bind(limit));
    let earlier = before.map_or(String::new(), |(at, id)| {
        format!(
            "AND (occurred_at, id) < ({}, {})",
            query.bind(at),
            query.bind(id)
        )
    });
    let sql = format!(
        "SELECT {ENTRY} FROM point_transactions WHERE user_id = {person} {earlier} \
         ORDER BY occurred_at DESC, id DESC LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// The id of the entry that was posted last, as far as the clocks of all processes agree: enough to
/// notice that something was posted.
pub async fn latest(db: &impl Sql) -> Result<Option<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "SELECT id FROM point_transactions ORDER BY id DESC LIMIT 1";
    let row: Option<Row> = db.one(db.statement(sql, [])).await?;
    Ok(row.map(|row| row.id))
}

/// What a person earned on a day, by what it was earned for; what was taken back is taken off it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Day {
    /// `YYYY-MM-DD`, by UTC.
    pub day: String,
    /// The sum of the day's entries.
    pub points: Points,
}

/// A person's days with entries since an instant, earliest first.
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
         WHERE user_id = {person} AND occurred_at >= {since} GROUP BY 1"
    )
}

/// All entries of a source, in the order they were written.
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
