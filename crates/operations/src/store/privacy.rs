use platform::db::{DbError, Tx, erase_rows};
use uuid::Uuid;

/// Removes what is stored about a person.
pub(crate) async fn erase(tx: &Tx, person: Uuid) -> Result<(), DbError> {
    erase_rows(tx, person, &["DELETE FROM slow_requests WHERE person_id = $1"]).await
}
