use kernel::Timestamp;
use platform::db::{DbError, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{DescribedRepository, Issue, IssueId, Profile, RepositoryId},
    store::issue_syncs,
};

pub use crate::store::issue_syncs::{IssueSyncRow, IssueSyncTotals};

const ISSUE: &str = "i.id, i.repository_id, i.number, i.title, i.body, i.labels, i.is_closed, i.state_reason, i.is_locked, \
     i.author_is_bot, i.author_association, i.assignees, coalesce(i.assignee_ids, '[]') AS assignee_ids, \
     coalesce(i.open_pulls, 0) AS open_pulls, i.comments, coalesce(i.reactions, 0) AS reactions, i.opened_at, i.changed_at, \
     i.closed_at";

/// Returns issues by their IDs, in no order.
///
/// # Errors
/// When the database fails.
pub async fn issues(
    db: &impl Sql,
    wanted: impl IntoIterator<Item = IssueId>,
) -> Result<Vec<Issue>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(wanted), "r");
    let sql = format!("SELECT {ISSUE} FROM {rows} JOIN issues i ON i.id = r.id");
    db.all(query.statement(sql)).await
}

/// Returns at most `limit` issues of a repository with numbers above `after`, by number: those that changed here since
/// `since`, or all of them.
///
/// # Errors
/// When the database fails.
pub async fn issues_of(
    db: &impl Sql,
    repository: RepositoryId,
    since: Option<Timestamp>,
    after: i64,
    limit: i64,
) -> Result<Vec<Issue>, DbError> {
    let mut query = db.query();
    let (repository, after) = (query.bind(repository), query.bind(after));
    let changed = match since {
        Some(since) => format!("AND i.updated_at >= {}", query.bind(since)),
        None => String::new(),
    };
    let limit = query.bind(limit);
    let sql = format!(
        "SELECT {ISSUE} FROM issues i WHERE i.repository_id = {repository} AND i.number > {after} {changed} \
         ORDER BY i.number LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// Returns repositories with their descriptions, in no order.
///
/// # Errors
/// When the database fails.
pub async fn described(
    db: &impl Sql,
    repositories: impl IntoIterator<Item = RepositoryId>,
) -> Result<Vec<DescribedRepository>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(repositories), "r");
    let sql = format!(
        "SELECT g.id, g.github_id, g.full_name, g.is_private, g.is_archived, g.is_enabled, g.follows_issues, p.profile, \
         p.updated_at AS profile_at FROM {rows} JOIN repositories g ON g.id = r.id \
         LEFT JOIN repository_profiles p ON p.repository_id = g.id"
    );
    let rows: Vec<Described> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(Described::repository).collect())
}

#[derive(FromQueryResult)]
struct Described {
    id: Uuid,
    github_id: i64,
    full_name: String,
    is_private: bool,
    is_archived: bool,
    is_enabled: bool,
    follows_issues: bool,
    profile: Option<String>,
    profile_at: Option<Timestamp>,
}

impl Described {
    fn repository(self) -> DescribedRepository {
        let profile: Option<Profile> =
            self.profile.and_then(|text| serde_json::from_str(&text).ok());
        DescribedRepository {
            id: self.id,
            github_id: self.github_id,
            full_name: self.full_name,
            is_hidden: self.is_private || !self.is_enabled,
            is_archived: self.is_archived,
            is_followed: self.follows_issues,
            profile: profile.zip(self.profile_at),
        }
    }
}

/// Returns the repositories whose issues are followed, by ID.
///
/// # Errors
/// When the database fails.
pub async fn followed(db: &impl Sql) -> Result<Vec<RepositoryId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "SELECT id FROM repositories WHERE follows_issues ORDER BY id";
    let rows: Vec<Row> = db.all(db.statement(sql, [])).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Returns how far the issues of all followed repositories are read.
///
/// # Errors
/// When the database fails.
pub async fn issue_totals(db: &impl Sql) -> Result<IssueSyncTotals, DbError> {
    issue_syncs::totals(db).await
}

/// Lists at most `limit` followed repositories after a place: those that failed first, then those that are being read.
///
/// # Errors
/// When the database fails.
pub async fn issue_sync_rows(
    db: &impl Sql,
    after: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<IssueSyncRow>, DbError> {
    issue_syncs::rows(db, after, limit).await
}
