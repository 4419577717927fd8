use identity::model::UserId;
use platform::db::{DbError, Tx};

use crate::store::maintainers;

/// Removes a person from all projects they maintain, in the caller's transaction. Their contributions stay
/// under the pseudonym, because they contain only IDs, numbers and codes.
pub async fn erase(tx: &Tx, person: UserId) -> Result<(), DbError> {
    maintainers::erase(tx, person).await
}
