//! Queries of data from GitHub.

mod app;
mod canonical;
mod closing;
mod code;
mod counts;
mod deliveries;
mod endorsements;
mod failures;
mod glance;
mod issues;
mod life;
mod lost_roles;
mod merged;
mod own;
mod silence;
mod work;

use std::collections::{BTreeSet, HashMap};

use crate::model::{PullRequestId, RepositoryId};
use kernel::Timestamp;
use platform::{
    db::{Db, DbError, Sql, ascii_lower, ids},
    folded::FoldedText,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{ChangedFile, History, PatchedFile, Review},
    rules::events::lacking,
    store::{deliveries::QUEUE, pulls, syncs},
};

pub use app::{AppCover, AppState, app_arrival, app_covers, installed_repositories};
pub use canonical::{CanonicalPull, CanonicalRepository, CanonicalReview, canonical};
pub use closing::closing_pulls;
pub use code::{CheckResult, Push, check_results, pushes_of, repository_of};
pub(crate) use counts::{merged, opened};
pub use deliveries::{
    DeliveryDetail, DeliveryFilter, DeliveryState, DeliveryView, delivery, find_deliveries,
};
pub use endorsements::{Endorsements, EndorsingReview, endorsements};
pub(crate) use failures::failures_since;
pub use glance::{Glance, glanced, reviewed_on_github};
pub use issues::{
    IssueSyncRow, IssueSyncTotals, described, followed, issue_sync_rows, issue_totals, issues,
    issues_of,
};
pub use life::{LifeChange, LifeEvent, life};
pub use lost_roles::lost_role;
pub use merged::{Closes, MergedPull, closes, merged_of};
pub use own::export;
pub use silence::unusual_silence;
pub(crate) use work::TASKS;

pub use crate::store::{member_checks::LostRole, syncs::SyncState};

pub async fn histories(db: &impl Sql, pulls: &[PullRequestId]) -> Result<Vec<History>, DbError> {
    let mut versions = pulls::versions(db, pulls.iter().copied()).await?;
    let mut reviews: HashMap<Uuid, Vec<Review>> = HashMap::new();
    for review in reviews_of(db, pulls).await? {
        reviews.entry(review.pull_request_id).or_default().push(review);
    }
    let history = |row: Pull| History {
        author: row.author(),
        versions: versions.remove(&row.id.into()).unwrap_or_default(),
        reviews: reviews.remove(&row.id).unwrap_or_default(),
        id: row.id.into(),
        github_id: row.github_id,
        repository_id: row.repository_id.into(),
        number: row.number,
        files: read_files(row.files.as_deref()),
        patch: read_patch(row.patch.as_deref()),
    };
    Ok(pull_rows(db, pulls).await?.into_iter().map(history).collect())
}

#[derive(FromQueryResult)]
struct Pull {
    id: Uuid,
    github_id: i64,
    repository_id: Uuid,
    number: i64,
    author_id: Option<Uuid>,
    author_identity_id: Option<Uuid>,
    files: Option<String>,
    patch: Option<String>,
}

/// Reads stored files.
fn read_files(files: Option<&str>) -> Option<Vec<ChangedFile>> {
    serde_json::from_str(files?).ok()
}

/// Reads the stored files of a patch.
fn read_patch(files: Option<&str>) -> Option<Vec<PatchedFile>> {
    serde_json::from_str(files?).ok()
}

impl Pull {
    fn author(&self) -> Option<identity::model::PersonIdentity> {
        Some(identity::model::PersonIdentity {
            user_id: self.author_id?.into(),
            identity_id: self.author_identity_id?.into(),
        })
    }
}

async fn pull_rows(db: &impl Sql, pulls: &[PullRequestId]) -> Result<Vec<Pull>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(pulls.iter().copied()), "r");
    let sql = format!(
        "SELECT p.id, p.github_id, p.repository_id, p.number, p.author_id, p.author_identity_id, f.files, \
         t.files AS patch \
         FROM {rows} JOIN pull_requests p ON p.id = r.id \
         LEFT JOIN pull_request_files f ON f.pull_request_id = p.id AND f.head_sha = p.head_sha \
         LEFT JOIN pull_request_patches t ON t.pull_request_id = p.id AND t.head_sha = p.head_sha"
    );
    db.all(query.statement(sql)).await
}

async fn reviews_of(db: &impl Sql, pulls: &[PullRequestId]) -> Result<Vec<Review>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(pulls.iter().copied()), "r");
    let sql = format!(
        "SELECT g.github_id, g.pull_request_id, g.reviewer_github_id, g.state, g.submitted_at, \
         g.author_association, g.reviewer_is_bot, g.dismissed_at FROM {rows} JOIN github_reviews g ON g.pull_request_id = r.id"
    );
    db.all(query.statement(sql)).await
}

/// A pull request, as shown on pages.
#[derive(Clone, Debug, FromQueryResult)]
pub struct PullRequest {
    pub id: Uuid,
    /// `owner/name` of its repository.
    pub full_name: String,
    /// The number in the repository.
    pub number: i64,
    pub title: String,
    /// `open`, `closed` or `merged`.
    pub state: String,
    /// True for a draft.
    pub draft: bool,
    /// Label names, as a JSON array.
    pub labels: String,
    /// Its author, unless the account is deleted.
    pub author_id: Option<Uuid>,
    /// Lines added.
    pub additions: Option<i64>,
    /// Lines deleted.
    pub deletions: Option<i64>,
    /// The number of changed files.
    pub changed_files: Option<i64>,
    pub opened_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub merged_at: Option<Timestamp>,
    /// True when two of the newest statements contradict each other.
    pub needs_fetch: bool,
}

const PULL_REQUEST: &str = "p.id, g.full_name, p.number, p.title, p.state, p.draft, p.labels, \
     p.author_id, p.additions, p.deletions, p.changed_files, p.opened_at, p.closed_at, p.merged_at, \
     p.needs_fetch";

/// Finds a pull request by the current name of its repository, in any case, as on GitHub, and its number. If several
/// repositories state the name, the one registered first has it.
/// Pull requests of private repositories are not found.
pub async fn pull_request(
    db: &impl Sql,
    full_name: &str,
    number: i64,
) -> Result<Option<PullRequest>, DbError> {
    let sql = format!(
        "SELECT {PULL_REQUEST} FROM repositories g JOIN pull_requests p ON p.repository_id = g.id \
         WHERE {} = $1 AND p.number = $2 AND NOT g.is_private ORDER BY g.created_at, g.id LIMIT 1",
        ascii_lower("g.full_name")
    );
    db.one(db.statement(&sql, [full_name.to_ascii_lowercase().into(), number.into()])).await
}

/// Lists pull requests whose title or repository contains a text, in any case, latest first. Those of private
/// repositories are left out.
pub async fn pulls_named(
    db: &impl Sql,
    part: &str,
    limit: i64,
) -> Result<Vec<PullRequest>, DbError> {
    let mut query = db.query();
    let part = FoldedText::of(part);
    let titled = query.contains("p.title_folded", &part);
    let named = query.contains(&ascii_lower("g.full_name"), &part);
    let limit = query.bind(limit);
    let sql = format!(
        "SELECT {PULL_REQUEST} FROM pull_requests p JOIN repositories g ON g.id = p.repository_id \
         WHERE NOT g.is_private AND ({titled} OR {named}) \
         ORDER BY p.opened_at DESC, p.id DESC LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// Returns the part of a statement that adds the pull request with an ID as `pull`, and its repository as `repo`. Those of
/// private repositories are left out.
#[must_use]
pub fn joined_pull(id: &str) -> String {
    format!("JOIN pull_requests pull ON pull.id = {id} {}", joined_repository("pull.repository_id"))
}

/// Returns the part of a statement that adds the repository with an ID as `repo`. Private ones are left out.
#[must_use]
pub fn joined_repository(id: &str) -> String {
    format!("JOIN repositories repo ON repo.id = {id} AND NOT repo.is_private")
}

/// Returns pull requests by ID, to show the source of points. Those of private repositories are left out.
pub async fn pull_requests(
    db: &impl Sql,
    pulls: impl IntoIterator<Item = PullRequestId>,
) -> Result<HashMap<Uuid, PullRequest>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(pulls), "r");
    let sql = format!(
        "SELECT {PULL_REQUEST} FROM {rows} JOIN pull_requests p ON p.id = r.id \
         JOIN repositories g ON g.id = p.repository_id WHERE NOT g.is_private"
    );
    let rows: Vec<PullRequest> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|pull| (pull.id, pull)).collect())
}

/// The author, repository and times of a pull request.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Placed {
    /// Its author, unless the account is deleted.
    pub author_id: Option<Uuid>,
    pub repository_id: Uuid,
    pub opened_at: Timestamp,
    pub merged_at: Option<Timestamp>,
}

/// Returns the pull requests among these IDs.
pub async fn existing(
    db: &impl Sql,
    pulls: impl IntoIterator<Item = PullRequestId>,
) -> Result<BTreeSet<PullRequestId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let mut query = db.query();
    let rows = query.rows(ids(pulls), "r");
    let sql = format!("SELECT p.id FROM {rows} JOIN pull_requests p ON p.id = r.id");
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Returns the authors, repositories and times of pull requests.
pub async fn placed(db: &impl Sql, pulls: &[PullRequestId]) -> Result<Vec<Placed>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(pulls.iter().copied()), "r");
    let sql = format!(
        "SELECT p.author_id, p.repository_id, p.opened_at, p.merged_at FROM {rows} \
         JOIN pull_requests p ON p.id = r.id"
    );
    db.all(query.statement(sql)).await
}

#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct RepositoryNames {
    pub id: Uuid,
    /// GitHub's ID.
    pub github_id: i64,
    /// `owner/name`.
    pub full_name: String,
    /// True when it is private, in which case its name must not be shown.
    pub is_private: bool,
    /// GitHub's ID of its own webhook. Absent when its deliveries are signed with the server's secret.
    pub hook_id: Option<i64>,
    /// The names of the events that its own webhook is known to deliver, separated by commas.
    pub hook_events: Option<String>,
    pub disabled_reason: Option<String>,
}

impl RepositoryNames {
    /// Returns true if its own webhook is not known to deliver all events that this server reads.
    #[must_use]
    pub fn may_lack_events(&self) -> bool {
        let known = self.hook_events.as_deref().unwrap_or_default();
        self.hook_id.is_some() && !lacking(known.split(',')).is_empty()
    }
}

/// Lists repositories by name.
pub async fn named(
    db: &impl Sql,
    repositories: impl IntoIterator<Item = RepositoryId>,
) -> Result<Vec<RepositoryNames>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(repositories), "r");
    let sql = format!(
        "SELECT g.id, g.github_id, g.full_name, g.is_private, g.hook_id, g.hook_events, g.disabled_reason \
         FROM {rows} JOIN repositories g ON g.id = r.id ORDER BY g.full_name"
    );
    db.all(query.statement(sql)).await
}

/// Lists the registered repositories with a full name, in any case, by GitHub ID. On GitHub, a freed name can be taken by another
/// repository.
pub async fn with_name(db: &impl Sql, full_name: &str) -> Result<Vec<RepositoryNames>, DbError> {
    let sql = format!(
        "SELECT id, github_id, full_name, is_private, hook_id, hook_events, disabled_reason FROM repositories \
         WHERE {} = $1 AND NOT only_watched ORDER BY github_id",
        ascii_lower("full_name")
    );
    db.all(db.statement(&sql, [full_name.to_ascii_lowercase().into()])).await
}

/// Lists the pull requests of repositories, optionally only those opened since an instant.
pub async fn pulls_of(
    db: &impl Sql,
    repositories: impl IntoIterator<Item = RepositoryId>,
    since: Option<Timestamp>,
) -> Result<Vec<PullRequestId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let mut query = db.query();
    let rows = query.rows(ids(repositories), "r");
    let opened =
        since.map_or(String::new(), |since| format!(" WHERE p.opened_at >= {}", query.bind(since)));
    let sql = format!(
        "SELECT p.id FROM {rows} JOIN pull_requests p ON p.repository_id = r.id{opened} ORDER BY p.id"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Finds a registered repository's ID by its GitHub ID.
pub async fn repository_id(db: &impl Sql, github_id: i64) -> Result<Option<RepositoryId>, DbError> {
    let found = repository_ids(db, &[github_id]).await?;
    Ok(found.get(&github_id).copied())
}

/// Finds the IDs of registered repositories by their GitHub IDs.
pub async fn repository_ids(
    db: &impl Sql,
    github_ids: &[i64],
) -> Result<HashMap<i64, RepositoryId>, DbError> {
    let known = crate::store::repositories::by_github_ids(db, github_ids.iter().copied()).await?;
    let registered = known.into_iter().filter(|known| !known.only_watched);
    Ok(registered.map(|known| (known.github_id, known.id.into())).collect())
}

/// Returns the GitHub IDs that are not registered.
pub async fn unregistered(db: &impl Sql, github_ids: &[i64]) -> Result<Vec<i64>, DbError> {
    let known = repository_ids(db, github_ids).await?;
    let is_known = |id: &&i64| known.contains_key(*id);
    Ok(github_ids.iter().filter(|id| !is_known(id)).copied().collect())
}

/// The counts of the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InboxState {
    /// The number of deliveries waiting to be applied.
    pub undone: i64,
    pub dead: i64,
}

/// Returns true if any delivery is stored.
pub async fn has_deliveries(db: &impl Sql) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM webhook_deliveries LIMIT 1) AS found";
    Ok(db.count(db.statement(sql, [])).await? > 0)
}

/// Counts the inbox's deliveries.
pub async fn inbox(db: &Db) -> Result<InboxState, DbError> {
    Ok(InboxState { undone: QUEUE.undone(db).await?, dead: QUEUE.dead(db).await? })
}

/// Counts the dead letters.
pub async fn dead(db: &Db) -> Result<i64, DbError> {
    QUEUE.dead(db).await
}

/// Lists the IDs of pull requests after one, ordered by ID.
pub async fn ids_after(
    db: &impl Sql,
    after: Option<PullRequestId>,
    limit: i64,
) -> Result<Vec<PullRequestId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let after = after.map_or(Uuid::nil(), |id| id.0);
    let sql = "SELECT id FROM pull_requests WHERE id > $1 ORDER BY id LIMIT $2";
    let rows: Vec<Row> = db.all(db.statement(sql, [after.into(), limit.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Returns the state of reading repositories from GitHub's API, by repository. Those that were never read are absent.
pub async fn sync_states(
    db: &impl Sql,
    repositories: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, SyncState>, DbError> {
    let states = syncs::states(db, repositories).await?;
    Ok(states.into_iter().map(|state| (state.repository_id, state)).collect())
}
