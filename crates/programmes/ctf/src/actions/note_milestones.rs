use platform::{
    Context,
    db::{DbError, Tx},
};
use recognition::model::BADGES_DUE;
use uuid::Uuid;

use crate::{
    model::CompetitorId,
    reads,
    rules::milestones::reached,
    store::{milestones, stats},
};

/// Notes in the caller's transaction that the stored solves or events of a competitor changed, with the milestones that they
/// reach. Those of the first import are no news of today. Their account, if they have one, may earn badges.
pub(crate) async fn note_changes(
    tx: &mut Tx,
    context: &Context,
    (competitor, account): (CompetitorId, Option<Uuid>),
    is_import: bool,
) -> Result<(), DbError> {
    stats::note_change(tx, competitor).await?;
    let facts = reads::milestone_facts(tx, competitor).await?;
    let reached = reached(&facts);
    if milestones::insert(tx, context, competitor, is_import, &reached).await? > 0 {
        tx.wake(BADGES_DUE, account, context.ids.as_ref(), context.now()).await?;
    }
    Ok(())
}
