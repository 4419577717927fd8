use platform::{
    Context,
    db::{DbError, Sql, Tx},
};

use super::{LOCK, post::post};
use crate::{
    model::Entitlement,
    rules::{self, EntitlementKey},
    store::ledger,
};

/// The result of reconciling the ledger with entitlements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// The number of entries posted, including reversals.
    pub entries: usize,
}

/// Posts the difference between the ledger's entries of the keys in `scope` and `wanted`, and updates
/// totals, boards and histogram, in the caller's transaction. Running it again posts nothing.
///
/// Holds the ledger's lock until the transaction ends. Programmes must take their own locks before this
/// call, so that they cannot deadlock.
pub async fn reconcile(
    tx: &Tx,
    context: &Context,
    scope: &[EntitlementKey],
    wanted: Vec<Entitlement>,
) -> Result<Reconciled, DbError> {
    if scope.is_empty() && wanted.is_empty() {
        return Ok(Reconciled::default());
    }
    tx.serialize(LOCK).await?;
    let posted = ledger::of_sources(tx, scope).await?;
    let postings = rules::difference(scope, &posted, wanted);
    post(tx, context, &postings).await?;
    Ok(Reconciled { entries: postings.len() })
}

/// Counts the entries that [`reconcile`] would post, by a snapshot of the database in which the entitlements were calculated.
pub async fn unposted(
    db: &impl Sql,
    scope: &[EntitlementKey],
    wanted: Vec<Entitlement>,
) -> Result<usize, DbError> {
    let posted = ledger::of_sources(db, scope).await?;
    Ok(rules::difference(scope, &posted, wanted).len())
}
