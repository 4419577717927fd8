use identity::{model::UserId, reads::Total};
use kernel::Points;
use platform::db::{DbError, Tx};

use crate::store::totals;

/// A person's total that differs from the sum of their entries.
pub(super) struct WrongTotal {
    pub(super) user_id: UserId,
    pub(super) stored: Points,
    pub(super) counted: Points,
}

/// The number of people whose totals are compared at once.
const PAGE: i64 = 1_000;

/// Compares the totals of the people after one, ordered by ID. Returns the wrong totals and the last person
/// compared, or `None` at the end. The caller must hold the ledger's lock.
pub(super) async fn wrong_totals(
    tx: &Tx,
    after: Option<UserId>,
) -> Result<(Vec<WrongTotal>, Option<UserId>), DbError> {
    let people = identity::reads::totals(tx, after, PAGE).await?;
    let Some(last) = people.last().map(|person| person.user_id) else {
        return Ok((Vec::new(), None));
    };
    let counted = totals::totals(tx, people.iter().map(|person| person.user_id)).await?;
    let wrong = |Total { user_id, points }| WrongTotal {
        user_id,
        stored: points,
        counted: counted.get(&user_id).copied().unwrap_or(0),
    };
    let wrong = people.into_iter().map(wrong);
    let wrong = wrong.filter(|total| total.stored != total.counted);
    Ok((wrong.collect(), Some(last)))
}
