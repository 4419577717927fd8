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

/// What bringing the ledger to entitlements wrote.
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
///
/// # Errors
/// When the database fails.
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
    let standing = ledger::of_sources(tx, scope).await?;
    let postings = rules::difference(scope, &standing, wanted);
    post(tx, context, &postings).await?;
    Ok(Reconciled {
        entries: postings.len(),
    })
}
