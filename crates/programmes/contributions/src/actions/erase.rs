use identity::model::UserId;
use platform::db::{DbError, Tx};

use crate::store::maintainers;

/// Removes a person from every project they maintain, on the caller's transaction. Their contributions stay
/// under the pseudonym: they hold ids, figures and codes.
pub async fn erase(tx: &Tx, person: UserId) -> Result<(), DbError> {
    maintainers::erase(tx, person).await
}
