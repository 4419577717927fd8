use github::reads::IssueSyncTotals;
use platform::{
    db::{DbError, Sql},
    jobs::REFUSED,
};
use sea_orm::FromQueryResult;

use super::feedback_counts;
use crate::model::{FeedbackKind, SearchKind};

/// How far followed repositories are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The names that GitHub was not asked for yet.
    pub waiting_names: i64,
    /// The names that were not found.
    pub unfound: Vec<UnfoundName>,
    /// The searches on GitHub.
    pub searches: Vec<SearchState>,
    pub issues: IssueSyncTotals,
    /// The opportunities that can be done.
    pub active: i64,
    /// The number of statements of people about issues, by kind.
    pub(crate) feedback: [(FeedbackKind, i64); FeedbackKind::ALL.len()],
}

/// A name that was not found on GitHub.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct UnfoundName {
    pub name: String,
    /// Why.
    pub last_error: String,
}

/// A search on GitHub.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct SearchState {
    pub(crate) kind: SearchKind,
    /// The topic, or the query.
    pub query: String,
    /// The number of repositories that it found.
    pub found: i64,
    /// Why GitHub did not answer.
    pub last_error: Option<String>,
    /// When it was last answered.
    pub completed_at: Option<kernel::Timestamp>,
}

/// The searches that are listed at most.
pub(crate) const MOST_SEARCHES: i64 = 20;

/// Returns true if no name of a repository is followed.
///
/// # Errors
/// When the database fails.
pub(crate) async fn is_unused(db: &impl Sql) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM followed_repositories WHERE ended_at IS NULL LIMIT 1) f";
    Ok(db.count(db.statement(sql, [])).await? == 0)
}

/// The names that are listed at most.
const MOST_UNFOUND: i64 = 100;

/// Returns how far followed repositories are read.
///
/// # Errors
/// When the database fails.
pub async fn progress(db: &impl Sql) -> Result<Progress, DbError> {
    let waiting = "SELECT count(*) FROM followed_repositories WHERE due_at IS NOT NULL";
    let active = "SELECT count(*) FROM opportunities WHERE status = 'active'";
    let unfound = format!(
        "SELECT name, coalesce(last_error, '') AS last_error FROM followed_repositories \
         WHERE dead_at IS NOT NULL OR outcome = '{REFUSED}' ORDER BY name_key LIMIT $1"
    );
    let searches = "SELECT s.kind, s.query, s.last_error, s.completed_at, (SELECT count(*) FROM discovery_finds d \
                    WHERE d.search_id = s.id) AS found FROM discovery_searches s WHERE s.ended_at IS NULL \
                    ORDER BY CASE WHEN s.last_error IS NULL THEN 1 ELSE 0 END, s.kind, s.query_key LIMIT $1";
    Ok(Progress {
        searches: db.all(db.statement(searches, [MOST_SEARCHES.into()])).await?,
        waiting_names: db.count(db.statement(waiting, [])).await?,
        unfound: db.all(db.statement(&unfound, [MOST_UNFOUND.into()])).await?,
        issues: github::reads::issue_totals(db).await?,
        active: db.count(db.statement(active, [])).await?,
        feedback: feedback_counts(db, None).await?,
    })
}
