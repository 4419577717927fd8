use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{Facts, PullRequestId},
    rules::fold::draft_changes,
};

/// A change in the life of a pull request, besides opening, closing and merging it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifeChange {
    /// It became a draft.
    Draft,
    /// It became ready for review.
    Ready,
    /// A review approved it.
    Approved,
    /// A review requested changes.
    ChangesRequested,
    /// A review commented on it, or was dismissed later, which replaces what it said.
    Commented,
    /// A review was dismissed.
    Dismissed,
}

/// A change with its time and person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LifeEvent {
    pub change: LifeChange,
    /// When it happened.
    pub at: Timestamp,
    /// The reviewer, if known; absent for a dismissal, because statements do not name its person.
    pub by: Option<Uuid>,
}

#[derive(FromQueryResult)]
struct Row {
    at: Timestamp,
    reviewer_id: Option<Uuid>,
    review: Option<String>,
    dismissed_at: Option<Timestamp>,
    facts: Option<String>,
}

/// Returns the reviews of a pull request and when it became a draft or ready for review, oldest first.
pub async fn life(db: &impl Sql, pull: PullRequestId) -> Result<Vec<LifeEvent>, DbError> {
    let sql = "SELECT submitted_at AS at, reviewer_id, state AS review, dismissed_at, \
               CAST(NULL AS text) AS facts FROM github_reviews WHERE pull_request_id = $1 \
               UNION ALL SELECT instant AS at, CAST(NULL AS uuid) AS reviewer_id, \
               CAST(NULL AS text) AS review, CAST(NULL AS timestamptz) AS dismissed_at, facts \
               FROM pull_request_versions WHERE pull_request_id = $1";
    let rows: Vec<Row> = db.all(db.statement(sql, [pull.into()])).await?;
    let mut events: Vec<LifeEvent> = rows.iter().flat_map(reviewed).collect();
    let drafts = rows.iter().filter_map(|row| Some((row.at, draft(row)?)));
    let drafts = draft_changes(drafts.collect()).into_iter();
    events.extend(drafts.map(|(at, is_draft)| LifeEvent {
        change: if is_draft { LifeChange::Draft } else { LifeChange::Ready },
        at,
        by: None,
    }));
    events.sort_by_key(|event| event.at);
    Ok(events)
}

/// Returns a review, and its dismissal.
fn reviewed(row: &Row) -> Vec<LifeEvent> {
    let Some(state) = row.review.as_deref() else {
        return Vec::new();
    };
    let submitted = LifeEvent {
        change: match state {
            "approved" => LifeChange::Approved,
            "changes_requested" => LifeChange::ChangesRequested,
            _ => LifeChange::Commented,
        },
        at: row.at,
        by: row.reviewer_id,
    };
    let dismissed =
        row.dismissed_at.map(|at| LifeEvent { change: LifeChange::Dismissed, at, by: None });
    [submitted].into_iter().chain(dismissed).collect()
}

/// Returns true if a statement says that the pull request is a draft.
fn draft(row: &Row) -> Option<bool> {
    let facts: Facts = serde_json::from_str(row.facts.as_deref()?).ok()?;
    facts.draft
}
