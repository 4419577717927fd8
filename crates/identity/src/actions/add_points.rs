use kernel::{Points, Timestamp};
use platform::db::{DbError, Tx};

use crate::{model::UserId, store::people};

/// Adds points to people's totals, in the transaction that writes the ledger. Only recognition calls this.
pub async fn add_points(
    tx: &Tx,
    changes: impl IntoIterator<Item = (UserId, Points)>,
    now: Timestamp,
) -> Result<(), DbError> {
    let changes = changes.into_iter().filter(|(_, points)| *points != 0);
    let changes: Vec<_> = changes.collect();
    if changes.is_empty() { Ok(()) } else { people::add_points(tx, &changes, now).await }
}
