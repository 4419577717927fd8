use platform::db::{DbError, Tx};

use crate::model::UserId;

/// Locks people's rows in the caller's transaction: of two transactions that count or change what belongs to the same person, one
/// waits for the other.
///
/// # Errors
/// When the database fails.
pub async fn lock_people(tx: &Tx, people: impl IntoIterator<Item = UserId>) -> Result<(), DbError> {
    let people = people.into_iter().map(|person| person.0);
    tx.lock_rows("users", people).await
}
