use platform::{
    Context,
    db::{DbError, Tx},
};

use super::post::post;
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

/// Brings the ledger's entries of the keys in `scope` to `wanted` by posting only the difference,
/// and moves totals, boards and histogram with it, in the caller's transaction. The caller lets
/// one transaction at a time do this. Running it again posts nothing.
pub async fn reconcile(
    tx: &Tx,
    context: &Context,
    scope: &[Key],
    wanted: Vec<Entitlement>,
) -> Result<Reconciled, DbError> {
    let standing = ledger::of_sources(tx, scope).await?;
    let postings = rules::difference(scope, &standing, wanted);
    post(tx, context, &postings).await?;
    Ok(Reconciled {
        entries: postings.len(),
    })
}
