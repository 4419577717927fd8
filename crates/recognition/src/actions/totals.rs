use std::collections::HashMap;

use identity::{model::UserId, reads::Total};
use kernel::Points;
use platform::db::{DbError, Sql};
use uuid::Uuid;

use crate::store::totals::{Earned, Range};

/// A person's total that differs from the sum of their entries.
pub(super) struct WrongTotal {
    pub(super) user_id: UserId,
    pub(super) stored: Points,
    pub(super) counted: Points,
}

/// The number of people per page.
const PAGE: usize = 1_000;

/// People with their stored totals, ordered by ID.
pub(super) struct Page {
    /// All IDs of the page, also those of no one. The last page ends with the highest ID.
    pub(super) range: Range,
    pub(super) people: Vec<Total>,
}

impl Page {
    /// Reads the people after an ID. `db` is a snapshot, or a transaction that holds the ledger's lock.
    pub(super) async fn read(db: &impl Sql, after: Uuid) -> Result<Self, DbError> {
        let people = identity::reads::totals(db, Some(after.into()), PAGE as i64).await?;
        let full = people.last().filter(|_| people.len() == PAGE);
        let last = full.map_or(Uuid::max(), |person| person.user_id.0);
        let range = Range { after, last };
        Ok(Self { range, people })
    }

    /// Returns the ID after which the next page begins; `None` at the end.
    pub(super) fn next(&self) -> Option<Uuid> {
        Some(self.range.last).filter(|last| !last.is_max())
    }

    /// Compares the totals with the sums of entries.
    pub(super) fn wrong(&self, earned: &[Earned]) -> Vec<WrongTotal> {
        let mut sums: HashMap<Uuid, Points> = HashMap::new();
        for account in earned {
            *sums.entry(account.user_id).or_default() += account.points;
        }
        let compared = |total: &Total| WrongTotal {
            user_id: total.user_id,
            stored: total.points,
            counted: sums.get(&total.user_id.0).copied().unwrap_or(0),
        };
        let compared = self.people.iter().map(compared);
        compared.filter(|total| total.stored != total.counted).collect()
    }
}
