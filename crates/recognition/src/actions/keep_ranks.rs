use platform::{Context, db::DbError};
use uuid::Uuid;

use crate::{
    reads::{self, Placed},
    store::ranks::{self, Began},
};

/// The number of people whose ranks are stored at once.
const AT_ONCE: i64 = 1_000;

/// Stores the rank of everyone on each board without months: once in a month, and in the first month of a board on its
/// second day and then once a week. Boards that are final keep their last ones. Returns the number of boards whose
/// ranks were stored.
///
/// # Errors
/// When the database fails.
pub async fn keep_ranks(context: &Context) -> Result<usize, DbError> {
    let began = Began::of(context.now());
    let mut kept = 0;
    while let Some(board) = ranks::due(&context.db, began).await? {
        keep(context, board).await?;
        kept += 1;
    }
    Ok(kept)
}

async fn keep(context: &Context, board: Uuid) -> Result<(), DbError> {
    let now = context.now();
    let mut place = None;
    loop {
        let tx = context.begin().await?;
        let placed = reads::placed(&tx, board, place, AT_ONCE).await?;
        place = placed.last().map(Placed::cursor);
        if place.is_none() {
            ranks::complete(&tx, board, now).await?;
            return tx.commit().await;
        }
        ranks::write(&tx, board, placed.iter().map(Placed::ranked), now).await?;
        tx.commit().await?;
    }
}
