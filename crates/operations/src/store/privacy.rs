use platform::db::{DbError, Tx, erase_rows};
use uuid::Uuid;

/// Removes what is stored about a person.
pub(crate) async fn erase(tx: &Tx, person: Uuid) -> Result<(), DbError> {
    let all = [
        "DELETE FROM slow_requests WHERE person_id = $1",
        "DELETE FROM person_days WHERE user_id = $1",
        "DELETE FROM feedback WHERE user_id = $1",
    ];
    erase_rows(tx, person, &all).await
}
