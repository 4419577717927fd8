use std::collections::HashMap;

use kernel::{Points, Timestamp};
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    model::ReviewVerdict,
    rules::{Explanation, State},
    store::reviews::ReviewRow,
};

/// A contribution in a form that is comparable between installations.
#[derive(Clone, Debug, Serialize, FromQueryResult)]
pub struct CanonicalContribution {
    /// The pull request's ID here, which differs between installations.
    #[serde(skip)]
    pub pull_request_id: Uuid,
    /// GitHub's ID of the pull request.
    pub github_id: i64,
    /// The project's slug.
    pub project: String,
    pub state: State,
    pub opened_at: Timestamp,
    /// When the points for opening are earned.
    pub opening_at: Timestamp,
    /// When a maintainer first reviewed it.
    pub reviewed_at: Option<Timestamp>,
    pub approved_at: Option<Timestamp>,
    pub merged_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    /// The version of the rules that is used.
    pub rules_version: i64,
    /// The points in the ledger.
    pub score: Points,
    /// The explanation of the points for opening, as JSON in the form of the API.
    pub opening_explanation: Option<String>,
    /// The explanation of the points for merging, as JSON in the form of the API.
    pub merge_explanation: Option<String>,
}

/// Lists all contributions, in no particular order.
pub async fn canonical(db: &impl Sql) -> Result<Vec<CanonicalContribution>, DbError> {
    let sql = "SELECT c.pull_request_id, c.github_id, p.slug AS project, c.state, c.opened_at, c.opening_at, \
         c.reviewed_at, c.approved_at, c.merged_at, c.closed_at, c.rules_version, c.score, \
         c.opening_explanation, c.merge_explanation \
         FROM contributions c JOIN projects p ON p.id = c.project_id";
    let mut rows: Vec<CanonicalContribution> = db.all(db.statement(sql, [])).await?;
    for row in &mut rows {
        for explanation in [&mut row.opening_explanation, &mut row.merge_explanation] {
            *explanation = explanation.take().map(expanded);
        }
    }
    Ok(rows)
}

/// Returns a stored explanation in the form of the API, which stays the same when the stored form changes.
pub(super) fn expanded(stored: String) -> String {
    let read = Explanation::read(&stored);
    let expanded = read.and_then(|explanation| serde_json::to_string(&explanation));
    expanded.unwrap_or(stored)
}

/// A review that was given here, in a form that is comparable between installations. It contains no texts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct CanonicalOwnReview {
    /// GitHub's ID of the pull request.
    pub(super) pull_request: String,
    pub(super) at: Timestamp,
    /// The reviewer's ID on GitHub; absent if no account there is linked.
    pub(super) reviewer: Option<String>,
    pub(super) action: &'static str,
    pub(super) rating: Option<i64>,
    /// The decision in a conflict of reviews.
    pub(super) decision: Option<&'static str>,
    /// True for the release of an idle review.
    pub(super) is_automatic: bool,
}

/// Lists the reviews that were given here of these pull requests, by their ID, in a comparable order.
pub(super) async fn canonical_reviews(
    db: &impl Sql,
    pulls: &HashMap<Uuid, String>,
) -> Result<Vec<CanonicalOwnReview>, DbError> {
    let sql = "SELECT id, created_at, pull_request_id, reviewer_id, action, rating, decision, \
               is_automatic FROM pr_reviews";
    let rows: Vec<ReviewRow> = db.all(db.statement(sql, [])).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let people = identity::reads::canonical(db).await?.into_iter();
    let people: HashMap<Uuid, String> =
        people.map(|person| (person.id, person.github_id)).collect();
    let review = |row: ReviewRow| {
        Some(CanonicalOwnReview {
            pull_request: pulls.get(&row.pull_request_id)?.clone(),
            at: row.created_at,
            reviewer: people.get(&row.reviewer_id).cloned(),
            action: row.action.as_str(),
            rating: row.rating,
            decision: row.decision.map(ReviewVerdict::as_str),
            is_automatic: row.is_automatic,
        })
    };
    let mut reviews: Vec<_> = rows.into_iter().filter_map(review).collect();
    reviews.sort_unstable();
    Ok(reviews)
}
