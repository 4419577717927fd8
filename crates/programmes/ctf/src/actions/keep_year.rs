use platform::{
    Context,
    db::{DbError, Tx},
};

use crate::{
    model::RosterId,
    reads,
    store::enrollments::{self, NewYearRow},
};

/// Keeps the competitors of a roster and their results as they are, in the caller's transaction, which locked the roster. Those
/// whom a coach has not confirmed are not kept.
pub(crate) async fn keep_year(tx: &Tx, context: &Context, roster: RosterId) -> Result<(), DbError> {
    let now = context.now();
    // A sync that stores results of a competitor at the same time ends first, or its results come too late for this year.
    let present = reads::continuing(tx, roster).await?;
    tx.lock_rows("competitors", present.iter().map(|row| row.id)).await?;
    let years = reads::year_to_keep(tx, roster, now).await?;
    let row = |year: reads::KeptYear| NewYearRow {
        id: context.ids.next(),
        competitor: year.person.id,
        grade: year.person.grade,
        kept: year.text(),
    };
    let rows = years.into_iter().map(row).collect();
    enrollments::keep(tx, roster, rows, now).await
}
