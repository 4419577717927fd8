use identity::model::UserId;
use platform::db::{DbError, Tx};

use crate::store::privacy;

/// Erases a person's notifications and choices, in the caller's transaction.
pub async fn erase(tx: &Tx, person: UserId) -> Result<(), DbError> {
    privacy::erase(tx, person).await
}
