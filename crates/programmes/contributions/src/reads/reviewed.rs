use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{rules::fair_play::ReviewedPull, store::reviews::ReviewRow};

/// The number of reviews that are read at once.
const PAGE: i64 = 5_000;

#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    review: ReviewRow,
    author_id: Option<Uuid>,
}

/// Returns the reviews that were given here at or after an instant, with the authors of their pull requests, oldest first.
/// Reads them in pages. Those of pull requests of no project are left out.
///
/// # Errors
/// When the database fails, or a stored review cannot be read.
pub async fn reviewed(db: &impl Sql, since: Timestamp) -> Result<Vec<ReviewedPull>, DbError> {
    let (mut found, mut place) = (Vec::new(), (since, Uuid::nil()));
    loop {
        let rows = page(db, place).await?;
        let Some(last) = rows.last() else {
            return Ok(found);
        };
        place = (last.review.created_at, last.review.id);
        for row in rows {
            found.push(ReviewedPull {
                pull: row.review.pull_request_id.into(),
                author: row.author_id.map(Into::into),
                review: row.review.read(),
            });
        }
    }
}

async fn page(db: &impl Sql, (at, id): (Timestamp, Uuid)) -> Result<Vec<Row>, DbError> {
    let sql = "SELECT v.id, v.created_at, v.pull_request_id, v.reviewer_id, v.action, v.rating, \
               v.decision, v.is_automatic, c.author_id FROM pr_reviews v \
               JOIN contributions c ON c.pull_request_id = v.pull_request_id \
               WHERE (v.created_at, v.id) > ($1, $2) ORDER BY v.created_at, v.id LIMIT $3";
    let values = [at.into(), id.into(), PAGE.into()];
    db.all(db.statement(sql, values)).await
}
