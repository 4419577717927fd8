use platform::{
    Context,
    db::{DbError, Tx},
};
use uuid::Uuid;

use super::{LOCK, totals::Page};
use crate::store::{derived, totals::earned};

/// Rebuilds totals, board rows and histogram from the ledger, in the caller's transaction.
pub async fn recount(tx: &Tx, context: &Context) -> Result<(), DbError> {
    tx.serialize(LOCK).await?;
    let now = context.now();
    let mut after = Some(Uuid::nil());
    while let Some(last) = after {
        let page = Page::read(tx, last).await?;
        let wrong = page.wrong(&earned(tx, page.range).await?);
        let missing = wrong.iter().map(|it| (it.user_id, it.counted - it.stored));
        identity::actions::add_points(tx, missing, now).await?;
        after = page.next();
    }
    derived::rewrite_boards(tx, now).await
}
