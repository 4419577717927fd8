//! The open pull requests of a person, with who has them and since when.

use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::{
    db::{DbError, Sql},
    work::TaskPerson,
};
use sea_orm::FromQueryResult;

use crate::rules::State;

/// The open pull requests of a person that wait for others, and their pending points.
#[derive(Clone, Debug, Default)]
pub struct OwnOpen {
    pub pulls: Vec<OpenPull>,
    /// The points that are not in the ledger yet.
    pub pending: Points,
    /// The first instant at which some of them no longer are pending.
    pub pending_until: Option<Timestamp>,
}

/// An open pull request of a person.
#[derive(Clone, Debug)]
pub struct OpenPull {
    pub title: String,
    /// `owner/name`.
    pub full_name: String,
    pub number: i64,
    pub state: State,
    pub opened_at: Timestamp,
    pub approved_at: Option<Timestamp>,
    /// When something last happened, when it becomes stale, and when it becomes abandoned.
    pub active_at: Option<Timestamp>,
    pub stale_at: Option<Timestamp>,
    pub abandoned_at: Option<Timestamp>,
    /// When the first review in progress began.
    pub reviewing_since: Option<Timestamp>,
    pub reviewer: Option<TaskPerson>,
}

/// Sums the points of the person `$1` that are not in the ledger yet, with the first instants at which some are: of openings,
/// and of merges.
pub(super) const PENDING: &str = "SELECT CAST(coalesce(sum(p.opening_pending + p.merge_pending), 0) AS bigint) AS pending, \
     min(CASE WHEN p.opening_pending <> 0 THEN p.opening_matures_at END) AS opening_until, \
     min(CASE WHEN p.merge_pending <> 0 THEN p.merge_matures_at END) AS merge_until \
     FROM contributions p WHERE p.author_id = $1 AND (p.opening_pending <> 0 OR p.merge_pending <> 0)";

#[derive(FromQueryResult)]
struct Row {
    pending: i64,
    opening_until: Option<Timestamp>,
    merge_until: Option<Timestamp>,
    title: Option<String>,
    full_name: Option<String>,
    number: Option<i64>,
    state: Option<State>,
    opened_at: Option<Timestamp>,
    approved_at: Option<Timestamp>,
    active_at: Option<Timestamp>,
    stale_at: Option<Timestamp>,
    abandoned_at: Option<Timestamp>,
    reviewing_since: Option<Timestamp>,
    reviewer: Option<String>,
}

impl Row {
    /// Returns the pull request; `None` for the row of a person without any.
    fn pull(self) -> Option<OpenPull> {
        Some(OpenPull {
            title: self.title?,
            full_name: self.full_name?,
            number: self.number?,
            state: self.state?,
            opened_at: self.opened_at?,
            approved_at: self.approved_at,
            active_at: self.active_at,
            stale_at: self.stale_at,
            abandoned_at: self.abandoned_at,
            reviewing_since: self.reviewing_since,
            reviewer: self.reviewer.as_deref().and_then(TaskPerson::read),
        })
    }
}

/// Lists a person's open pull requests that wait for others, newest first, with the points that are pending.
///
/// # Errors
/// When the database fails.
pub async fn own_open(db: &impl Sql, person: UserId, limit: i64) -> Result<OwnOpen, DbError> {
    let first = "FROM open_reviews o WHERE o.pull_request_id = c.pull_request_id";
    let reviewer = identity::reads::person_json(
        db.engine(),
        &format!("(SELECT o.reviewer_id {first} ORDER BY o.started_at, o.reviewer_id LIMIT 1)"),
    );
    let sql = format!(
        "SELECT w.pending, w.opening_until, w.merge_until, q.title, q.full_name, q.number, q.state, q.opened_at, \
         q.approved_at, q.active_at, q.stale_at, q.abandoned_at, q.reviewing_since, q.reviewer FROM \
         ({PENDING}) w \
         LEFT JOIN (SELECT c.pull_request_id, pull.title, repo.full_name, pull.number, c.state, c.opened_at, \
         c.approved_at, c.active_at, c.stale_at, c.abandoned_at, \
         (SELECT min(o.started_at) {first}) AS reviewing_since, {reviewer} AS reviewer FROM contributions c {} \
         WHERE c.author_id = $1 AND c.state IN ('OPEN', 'UNDER_REVIEW', 'APPROVED') \
         ORDER BY c.opened_at DESC, c.pull_request_id DESC LIMIT $2) q ON true \
         ORDER BY q.opened_at DESC, q.pull_request_id DESC",
        github::reads::joined_pull("c.pull_request_id")
    );
    let rows: Vec<Row> = db.all(db.statement(&sql, [person.into(), limit.into()])).await?;
    let Some(first) = rows.first() else {
        return Ok(OwnOpen::default());
    };
    Ok(OwnOpen {
        pending: first.pending,
        pending_until: first.opening_until.into_iter().chain(first.merge_until).min(),
        pulls: rows.into_iter().filter_map(Row::pull).collect(),
    })
}
