use identity::model::UserId;
use platform::db::{DbError, Tx, erase_rows};

/// Takes a person from what they look after, on the caller's transaction. What they contributed stays under
/// their pseudonym: it holds ids, figures and codes.
pub async fn erase(tx: &Tx, person: UserId) -> Result<(), DbError> {
    let sql = "DELETE FROM project_maintainers WHERE user_id = $1";
    erase_rows(tx, person.0, &[sql]).await
}
