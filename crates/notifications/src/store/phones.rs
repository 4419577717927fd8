use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::Phone;

/// A phone with the code that was sent to it.
#[derive(FromQueryResult)]
pub(crate) struct Sent {
    pub(crate) id: Uuid,
    pub(crate) code_hash: Vec<u8>,
    pub(crate) code_sent_at: Timestamp,
    pub(crate) wrong_codes: i64,
}

pub(crate) async fn of_person(db: &impl Sql, person: UserId) -> Result<Option<Phone>, DbError> {
    let sql = "SELECT number, verified_at FROM phones WHERE user_id = $1";
    db.one(db.statement(sql, [person.into()])).await
}

/// Returns a person's phone that is not verified.
pub(crate) async fn unverified(tx: &Tx, person: UserId) -> Result<Option<Sent>, DbError> {
    let sql = "SELECT id, code_hash, code_sent_at, wrong_codes FROM phones \
               WHERE user_id = $1 AND verified_at IS NULL";
    tx.one(tx.statement(sql, [person.into()])).await
}

/// Saves a person's phone, not verified, in the place of an earlier one.
pub(crate) async fn save(
    tx: &Tx,
    id: Uuid,
    person: UserId,
    number: &str,
    code_hash: Vec<u8>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO phones (id, user_id, number, code_hash, code_sent_at, created_at) \
               VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (user_id) DO UPDATE SET \
               number = excluded.number, verified_at = NULL, code_hash = excluded.code_hash, \
               code_sent_at = excluded.code_sent_at, wrong_codes = 0, created_at = excluded.created_at";
    let values = [id.into(), person.into(), number.into(), code_hash.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Marks a phone as verified; its code can't be used again.
pub(crate) async fn verify(tx: &Tx, id: Uuid, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE phones SET verified_at = $1, code_hash = NULL WHERE id = $2";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    Ok(())
}

/// Counts a wrong code.
pub(crate) async fn count_wrong(tx: &Tx, id: Uuid) -> Result<(), DbError> {
    let sql = "UPDATE phones SET wrong_codes = wrong_codes + 1 WHERE id = $1";
    tx.run(tx.statement(sql, [id.into()])).await?;
    Ok(())
}

/// Deletes a person's phone; returns true if they had one.
pub(crate) async fn remove(tx: &Tx, person: UserId) -> Result<bool, DbError> {
    let sql = "DELETE FROM phones WHERE user_id = $1";
    Ok(tx.run(tx.statement(sql, [person.into()])).await? > 0)
}

/// Deletes the phones that were not verified, whose code was sent before an instant; returns their number.
pub(crate) async fn forget_unverified(tx: &Tx, before: Timestamp) -> Result<u64, DbError> {
    let sql = "DELETE FROM phones WHERE verified_at IS NULL AND code_sent_at < $1";
    tx.run(tx.statement(sql, [before.into()])).await
}
