use std::collections::{BTreeMap, BTreeSet};

use identity::model::UserId;
use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Sql, Tx},
};

use super::{LOCK, post::shifts};
use crate::store::{awards, boards, hidden};

/// Takes people off the boards who are banned, who opted out, or whose account is closed or erased, and puts back those
/// who no longer are. Their entries and totals stay, and the people behind them move up. Returns the number of people who were taken
/// off or put back. Running it again changes nothing.
pub async fn refresh_listings(context: &Context) -> Result<usize, DbError> {
    // A read avoids the write lock when nothing changed.
    if ListingChanges::find(&context.db, context.now()).await?.count() == 0 {
        return Ok(0);
    }
    let tx = context.begin().await?;
    let changed = refresh(&tx, context).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Does the same in the caller's transaction.
pub(crate) async fn refresh(tx: &Tx, context: &Context) -> Result<usize, DbError> {
    tx.serialize(LOCK).await?;
    let now = context.now();
    let changes = ListingChanges::find(tx, now).await?;
    hide(tx, &changes.leaving, now).await?;
    show(tx, &changes.returning, now).await?;
    Ok(changes.count())
}

/// Takes a person who is being erased off the boards, and removes what admins wrote about their badges, in the caller's
/// transaction.
pub(crate) async fn hide_erased(tx: &Tx, context: &Context, person: UserId) -> Result<(), DbError> {
    tx.serialize(LOCK).await?;
    hidden::opt_in(tx, person).await?;
    awards::erase_reasons(tx, person).await?;
    hide(tx, &BTreeSet::from([person]), context.now()).await
}

/// The people whose place on the boards differs from the one that they should have.
struct ListingChanges {
    leaving: BTreeSet<UserId>,
    returning: BTreeSet<UserId>,
}

impl ListingChanges {
    async fn find(db: &impl Sql, now: Timestamp) -> Result<Self, DbError> {
        let mut unlisted = identity::reads::unlisted(db, now).await?;
        unlisted.extend(hidden::opted_out(db).await?);
        let stored = hidden::all(db).await?;
        Ok(Self {
            leaving: unlisted.difference(&stored).copied().collect(),
            returning: stored.difference(&unlisted).copied().collect(),
        })
    }

    fn count(&self) -> usize {
        self.leaving.len() + self.returning.len()
    }
}

/// Takes people off all boards that are not final.
async fn hide(tx: &Tx, people: &BTreeSet<UserId>, now: Timestamp) -> Result<(), DbError> {
    if people.is_empty() {
        return Ok(());
    }
    hidden::insert(tx, people, now).await?;
    let before = boards::of_people(tx, people.iter().copied()).await?;
    let places: Vec<_> = before.keys().copied().collect();
    boards::remove(tx, &places).await?;
    boards::move_histogram(tx, &shifts(&before, &BTreeMap::new())).await
}

/// Puts people back on their boards that are not final.
async fn show(tx: &Tx, people: &BTreeSet<UserId>, now: Timestamp) -> Result<(), DbError> {
    if people.is_empty() {
        return Ok(());
    }
    hidden::delete(tx, people).await?;
    let places = boards::places_of(tx, people.iter().copied()).await?;
    let mut after = boards::recount(tx, places.iter().copied()).await?;
    after.extend(boards::recount_fed(tx, places).await?);
    boards::write(tx, &after, now).await?;
    boards::move_histogram(tx, &shifts(&BTreeMap::new(), &after)).await
}
