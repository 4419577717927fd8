//! Statements for personal calendars.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use uuid::Uuid;

/// Gives the personal calendar of a person another ID, or creates it.
pub(crate) async fn replace(
    tx: &Tx,
    id: Uuid,
    person: UserId,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO calendar_feeds (id, created_at, user_id) VALUES ($1, $2, $3) \
               ON CONFLICT (user_id) DO UPDATE SET id = excluded.id, created_at = excluded.created_at";
    let values = [id.into(), now.into(), person.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Removes the personal calendar of a person; returns whether they had one.
pub(crate) async fn remove(tx: &Tx, person: UserId) -> Result<bool, DbError> {
    let sql = "DELETE FROM calendar_feeds WHERE user_id = $1";
    Ok(tx.run(tx.statement(sql, [person.into()])).await? > 0)
}
