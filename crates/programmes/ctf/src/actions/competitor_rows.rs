use kernel::{Problem, ProblemKind};
use platform::{ActionError, db::Tx};

use super::rosters::changeable_roster;
use crate::{
    access,
    model::CompetitorId,
    reads::{self, CompetitorView},
};

/// Finds a competitor who has not left and whose roster is not archived, and locks the rows of both.
pub(crate) async fn changeable_competitor(
    tx: &Tx,
    id: CompetitorId,
) -> Result<CompetitorView, ActionError> {
    let found = present(tx, id).await?;
    changeable_roster(tx, found.roster()).await?;
    tx.lock_rows("competitors", [id.0]).await?;
    present(tx, id).await
}

pub(super) async fn present(tx: &Tx, id: CompetitorId) -> Result<CompetitorView, ActionError> {
    let found = reads::competitor(tx, id).await?;
    let found = found.ok_or_else(access::unknown_competitor)?;
    let detail = match (found.erased_at, found.left_at) {
        (Some(_), _) => {
            "The data of this competitor was erased, so nothing about them can be changed."
        }
        (None, Some(_)) => {
            "This competitor has left the roster. They can join again with the join link."
        }
        (None, None) => return Ok(found),
    };
    Err(Problem::new(ProblemKind::Conflict, "COMPETITOR_LEFT", detail).into())
}
