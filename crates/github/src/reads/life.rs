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
    /// A review commented on it.
    Commented,
    /// A review was dismissed.
    Dismissed,
}

/// A change with its time and person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LifeEvent {
    /// The change.
    pub change: LifeChange,
    /// When it happened.
    pub at: Timestamp,
    /// The reviewer, if known.
    pub by: Option<Uuid>,
}

#[derive(FromQueryResult)]
struct Row {
    at: Timestamp,
    reviewer_id: Option<Uuid>,
    review: Option<String>,
    facts: Option<String>,
}

/// Returns the reviews of a pull request and when it became a draft or ready for review, oldest first.
pub async fn life(db: &impl Sql, pull: PullRequestId) -> Result<Vec<LifeEvent>, DbError> {
    let sql = "SELECT submitted_at AS at, reviewer_id, state AS review, CAST(NULL AS text) AS facts \
               FROM github_reviews WHERE pull_request_id = $1 \
               UNION ALL SELECT instant AS at, CAST(NULL AS uuid) AS reviewer_id, \
               CAST(NULL AS text) AS review, facts FROM pull_request_versions WHERE pull_request_id = $1";
    let rows: Vec<Row> = db.all(db.statement(sql, [pull.into()])).await?;
    let mut events: Vec<LifeEvent> = rows.iter().filter_map(reviewed).collect();
    let drafts = rows.iter().filter_map(|row| Some((row.at, draft(row)?)));
    let drafts = draft_changes(drafts.collect()).into_iter();
    events.extend(drafts.map(|(at, is_draft)| LifeEvent {
        change: match is_draft {
            true => LifeChange::Draft,
            false => LifeChange::Ready,
        },
        at,
        by: None,
    }));
    events.sort_by_key(|event| event.at);
    Ok(events)
}

fn reviewed(row: &Row) -> Option<LifeEvent> {
    let change = match row.review.as_deref()? {
        "approved" => LifeChange::Approved,
        "changes_requested" => LifeChange::ChangesRequested,
        "dismissed" => LifeChange::Dismissed,
        _ => LifeChange::Commented,
    };
    Some(LifeEvent {
        change,
        at: row.at,
        by: row.reviewer_id,
    })
}

/// Returns true if a statement says that the pull request is a draft.
fn draft(row: &Row) -> Option<bool> {
    let facts: Facts = serde_json::from_str(row.facts.as_deref()?).ok()?;
    facts.draft
}
