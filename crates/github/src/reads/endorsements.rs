use std::collections::HashMap;

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::PullRequestId;

/// The people who decided to merge and who reviewed a pull request.
#[derive(Clone, Debug, Default)]
pub struct Endorsements {
    /// The person who decided that it is merged, if known: who enabled auto-merge, added it to the merge queue or
    /// merged it.
    pub decided_by: Option<UserId>,
    /// Reviews by people with an account, in order of time.
    pub reviews: Vec<EndorsingReview>,
}

/// A review by a person.
#[derive(Clone, Copy, Debug)]
pub struct EndorsingReview {
    pub reviewer: UserId,
    pub submitted_at: Timestamp,
    /// True for an approval.
    pub approves: bool,
}

/// Returns who decided to merge and who reviewed pull requests. Those without either are left out.
///
/// # Errors
/// When the database fails.
pub async fn endorsements(
    db: &impl Sql,
    pulls: &[PullRequestId],
) -> Result<HashMap<PullRequestId, Endorsements>, DbError> {
    let mut endorsements: HashMap<PullRequestId, Endorsements> = HashMap::new();
    for (pull, decided_by) in deciders(db, pulls).await? {
        endorsements.entry(pull).or_default().decided_by = Some(decided_by);
    }
    for row in reviews(db, pulls).await? {
        let of = endorsements.entry(row.pull_request_id.into()).or_default();
        of.reviews.push(EndorsingReview {
            reviewer: row.reviewer_id.into(),
            submitted_at: row.submitted_at,
            approves: row.state == "approved",
        });
    }
    Ok(endorsements)
}

async fn deciders(
    db: &impl Sql,
    pulls: &[PullRequestId],
) -> Result<Vec<(PullRequestId, UserId)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        decided_by_id: Uuid,
    }
    let mut query = db.query();
    let rows = query.rows(ids(pulls.iter().copied()), "r");
    let sql = format!(
        "SELECT p.id, p.decided_by_id FROM {rows} JOIN pull_requests p ON p.id = r.id \
         WHERE p.decided_by_id IS NOT NULL"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| (row.id.into(), row.decided_by_id.into())).collect())
}

#[derive(FromQueryResult)]
struct ReviewRow {
    pull_request_id: Uuid,
    reviewer_id: Uuid,
    state: String,
    submitted_at: Timestamp,
}

async fn reviews(db: &impl Sql, pulls: &[PullRequestId]) -> Result<Vec<ReviewRow>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(pulls.iter().copied()), "r");
    let sql = format!(
        "SELECT g.pull_request_id, g.reviewer_id, g.state, g.submitted_at FROM {rows} \
         JOIN github_reviews g ON g.pull_request_id = r.id \
         WHERE g.reviewer_id IS NOT NULL AND g.reviewer_is_bot IS NOT TRUE \
         ORDER BY g.pull_request_id, g.submitted_at, g.github_id"
    );
    db.all(query.statement(sql)).await
}
