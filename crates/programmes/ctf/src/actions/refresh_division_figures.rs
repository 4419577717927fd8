use platform::{Context, db::DbError};

use crate::{reads, rules::peers, store};

/// Counts the distribution of points by division anew, for comparisons with peers. Returns the number of divisions and lengths
/// of time with enough competitors. Running it again without new solves stores the same figures.
///
/// # Errors
/// When the database fails. The earlier figures stay then.
pub async fn refresh_division_figures(context: &Context) -> Result<usize, DbError> {
    let now = context.now();
    let points = reads::peer_points(&context.db, now).await?;
    let figures = peers::divisions(&points);
    let compared = figures.iter().filter(|row| row.domain.is_empty()).count();
    let tx = context.begin().await?;
    tx.serialize("ctf_division_figures").await?;
    store::division_figures::replace(&tx, context, &figures, now).await?;
    tx.commit().await?;
    Ok(compared)
}
