use platform::{
    Context,
    db::{DbError, Tx},
};

use crate::{
    model::CompetitorId,
    reads,
    rules::milestones::reached,
    store::{milestones, stats},
};

/// Notes in the caller's transaction that the stored solves or events of a competitor changed, with the milestones that they
/// reach. Those of the first import are no news of today.
pub(crate) async fn note_changes(
    tx: &Tx,
    context: &Context,
    competitor: CompetitorId,
    is_import: bool,
) -> Result<(), DbError> {
    stats::note_change(tx, competitor).await?;
    let facts = reads::milestone_facts(tx, competitor).await?;
    milestones::insert(tx, context, competitor, is_import, &reached(&facts)).await
}
