use platform::{
    Context,
    db::{DbError, Tx},
};

use super::{LOCK, totals::wrong_totals};
use crate::store::derived;

/// Rebuilds totals, board rows and histogram from the ledger, in the caller's transaction.
pub async fn recount(tx: &Tx, context: &Context) -> Result<(), DbError> {
    tx.serialize(LOCK).await?;
    let now = context.now();
    let mut after = None;
    loop {
        let (wrong, last) = wrong_totals(tx, after).await?;
        let missing = wrong.iter().map(|it| (it.user_id, it.counted - it.stored));
        identity::actions::add_points(tx, missing, now).await?;
        if last.is_none() {
            break;
        }
        after = last;
    }
    derived::rewrite_boards(tx, now).await
}
