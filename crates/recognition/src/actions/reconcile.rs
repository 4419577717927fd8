use platform::{
    Context,
    db::{DbError, Tx},
};

use super::{LOCK, post::post};
use crate::{
    model::Entitlement,
    rules::{self, Key},
    store::ledger,
};

/// The result of reconciling the ledger with entitlements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Entries posted, reversals included.
    pub entries: usize,
}

/// Posts the difference between the ledger's entries of the keys in `scope` and `wanted`, and moves
/// totals, boards and histogram with it, in the caller's transaction. Running it again posts nothing.
///
/// Takes the ledger's lock until the transaction ends: programmes wait for each other, and for nothing
/// else that one of them locks, as long as they take their own locks before this call.
pub async fn reconcile(
    tx: &Tx,
    context: &Context,
    scope: &[Key],
    wanted: Vec<Entitlement>,
) -> Result<Reconciled, DbError> {
    if scope.is_empty() && wanted.is_empty() {
        return Ok(Reconciled::default());
    }
    tx.serialize(LOCK).await?;
    let posted = ledger::of_sources(tx, scope).await?;
    let postings = rules::difference(scope, &posted, wanted);
    post(tx, context, &postings).await?;
    Ok(Reconciled {
        entries: postings.len(),
    })
}
