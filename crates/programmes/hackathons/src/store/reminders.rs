//! Statements for reminders to submit, and to confirm a place.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Rows, Sql as _, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::HackathonId;

/// Inserts reminders with their IDs, people, deadlines and minutes before them. Returns the IDs of those that are new.
pub(crate) async fn insert(
    tx: &Tx,
    hackathon: HackathonId,
    reminders: &[(Uuid, UserId, Timestamp, i64)],
    now: Timestamp,
) -> Result<Vec<Uuid>, DbError> {
    insert_into(tx, "submission_reminders", hackathon, reminders, now).await
}

/// Inserts reminders to confirm a place, like [`insert`].
pub(crate) async fn insert_confirmations(
    tx: &Tx,
    hackathon: HackathonId,
    reminders: &[(Uuid, UserId, Timestamp, i64)],
    now: Timestamp,
) -> Result<Vec<Uuid>, DbError> {
    insert_into(tx, "confirmation_reminders", hackathon, reminders, now).await
}

async fn insert_into(
    tx: &Tx,
    table: &str,
    hackathon: HackathonId,
    reminders: &[(Uuid, UserId, Timestamp, i64)],
    now: Timestamp,
) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    if reminders.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("user_id", Kind::Uuid),
        ("closes_at", Kind::At),
        ("minutes", Kind::Int),
    ]);
    for (id, person, closes_at, minutes) in reminders {
        rows.push([(*id).into(), (*person).into(), (*closes_at).into(), (*minutes).into()]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let hackathon = query.bind(hackathon);
    let sql = format!(
        "INSERT INTO {table} (id, created_at, hackathon_id, user_id, closes_at, minutes) \
         SELECT r.id, {now}, {hackathon}, r.user_id, r.closes_at, r.minutes FROM {rows} WHERE true \
         ON CONFLICT DO NOTHING RETURNING id"
    );
    let written: Vec<Row> = tx.all(query.statement(sql)).await?;
    Ok(written.into_iter().map(|row| row.id).collect())
}
