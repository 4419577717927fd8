//! Statements for the preferences of people.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx, erase_rows};
use sea_orm::FromQueryResult;
use serde::Serialize;
use uuid::Uuid;

use crate::model::{Frequency, Level, Preferences, WorkKind};

#[derive(FromQueryResult)]
struct Row {
    skills: String,
    languages: String,
    interests: String,
    excluded_topics: String,
    types: String,
    level: Option<Level>,
    max_complexity: i64,
    min_impact: i64,
    hours_a_week: Option<i64>,
    digest: Frequency,
    digest_minute: i64,
    digest_weekday: i64,
    instant_threshold: i64,
    most_a_day: i64,
}

impl From<Row> for Preferences {
    fn from(row: Row) -> Self {
        let list = |text: &str| serde_json::from_str(text).unwrap_or_default();
        let types: Vec<WorkKind> = serde_json::from_str(&row.types).unwrap_or_default();
        let fraction = |stored: i64| stored as f64 / 1_000.0;
        Self {
            skills: list(&row.skills),
            languages: list(&row.languages),
            interests: list(&row.interests),
            excluded: list(&row.excluded_topics),
            types,
            level: row.level,
            max_complexity: fraction(row.max_complexity),
            min_impact: fraction(row.min_impact),
            hours_a_week: row.hours_a_week.map(fraction),
            digest: row.digest,
            digest_minute: u32::try_from(row.digest_minute).unwrap_or_default(),
            digest_weekday: u32::try_from(row.digest_weekday).unwrap_or_default(),
            instant_threshold: fraction(row.instant_threshold),
            most_a_day: row.most_a_day,
        }
    }
}

const COLUMNS: &str = "skills, languages, interests, excluded_topics, types, level, max_complexity, min_impact, \
     hours_a_week, digest, digest_minute, digest_weekday, instant_threshold, most_a_day";

/// Returns the preferences of a person; `None` if they stated none.
pub(crate) async fn of_person(
    db: &impl Sql,
    person: UserId,
) -> Result<Option<Preferences>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM discovery_preferences WHERE user_id = $1");
    let row: Option<Row> = db.one(db.statement(&sql, [person.into()])).await?;
    Ok(row.map(Into::into))
}

/// Stores the preferences of a person, and when their next digest is due.
pub(crate) async fn store(
    tx: &Tx,
    id: Uuid,
    person: UserId,
    own: &Preferences,
    next_digest_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), DbError> {
    let set: Vec<String> =
        COLUMNS.split(", ").map(|column| format!("{column} = excluded.{column}")).collect();
    let sql = format!(
        "INSERT INTO discovery_preferences (id, created_at, updated_at, ignored_digests, user_id, next_digest_at, {COLUMNS}) \
         VALUES ($1, $2, $2, 0, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
         ON CONFLICT (user_id) DO UPDATE SET updated_at = excluded.updated_at, ignored_digests = 0, \
         next_digest_at = excluded.next_digest_at, {}",
        set.join(", ")
    );
    let values = [
        id.into(),
        now.into(),
        person.into(),
        next_digest_at.into(),
        list(&own.skills).into(),
        list(&own.languages).into(),
        list(&own.interests).into(),
        list(&own.excluded).into(),
        list(&own.types).into(),
        own.level.map(Level::as_str).into(),
        thousandths(own.max_complexity).into(),
        thousandths(own.min_impact).into(),
        own.hours_a_week.map(thousandths).into(),
        own.digest.as_str().into(),
        i64::from(own.digest_minute).into(),
        i64::from(own.digest_weekday).into(),
        thousandths(own.instant_threshold).into(),
        own.most_a_day.into(),
    ];
    tx.run(tx.statement(&sql, values)).await?;
    Ok(())
}

/// Removes the preferences and the feedback of a person.
pub(crate) async fn forget(tx: &Tx, person: UserId) -> Result<(), DbError> {
    let statements = [
        "DELETE FROM discovery_preferences WHERE user_id = $1",
        "DELETE FROM opportunity_feedback WHERE user_id = $1",
    ];
    erase_rows(tx, person.0, &statements).await
}

fn list(of: &impl Serialize) -> String {
    serde_json::to_string(of).unwrap_or_default()
}

fn thousandths(value: f64) -> i64 {
    (value * 1_000.0).round() as i64
}
