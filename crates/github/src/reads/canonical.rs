use std::collections::HashMap;

use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use serde::Serialize;
use uuid::Uuid;

/// A repository in a form that is comparable between installations.
#[derive(Clone, Debug, Serialize, FromQueryResult)]
pub struct CanonicalRepository {
    /// GitHub's ID.
    pub github_id: i64,
    /// `owner/name`.
    pub full_name: String,
    /// True when it is public and not deleted, as GitHub last stated.
    pub is_enabled: bool,
    /// True when it is archived.
    pub is_archived: bool,
}

/// A pull request in a form that is comparable between installations.
#[derive(Clone, Debug, Serialize, FromQueryResult)]
pub struct CanonicalPull {
    /// The ID here, which differs between installations.
    #[serde(skip)]
    pub id: Uuid,
    /// GitHub's ID.
    pub github_id: i64,
    /// GitHub's ID of the repository.
    pub repository_github_id: i64,
    /// The number in the repository.
    pub number: i64,
    /// GitHub's ID of the author.
    #[sea_orm(skip)]
    pub author: Option<String>,
    #[serde(skip)]
    author_id: Option<Uuid>,
    pub title: String,
    /// The first half of the description's SHA-256.
    pub body_digest: Option<String>,
    /// Label names, as a JSON array.
    pub labels: String,
    /// True for a draft.
    pub draft: bool,
    /// `open`, `closed` or `merged`.
    pub state: String,
    /// Lines added.
    pub additions: Option<i64>,
    /// Lines deleted.
    pub deletions: Option<i64>,
    /// The number of changed files.
    pub changed_files: Option<i64>,
    /// The number of commits.
    pub commits: Option<i64>,
    /// The target branch.
    pub base_ref: Option<String>,
    /// The source branch.
    pub head_ref: Option<String>,
    /// The source commit.
    pub head_sha: Option<String>,
    pub opened_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub merged_at: Option<Timestamp>,
    /// GitHub's ID of the person who merged it.
    #[sea_orm(skip)]
    pub merged_by: Option<String>,
    #[serde(skip)]
    merged_by_id: Option<Uuid>,
    /// The time of the newest statement.
    pub github_updated_at: Timestamp,
    /// True when two statements of that time contradict each other.
    pub needs_fetch: bool,
    /// The number of distinct statements.
    pub versions: i64,
}

/// A review in a form that is comparable between installations.
#[derive(Clone, Debug, Serialize, FromQueryResult)]
pub struct CanonicalReview {
    /// GitHub's ID.
    pub github_id: i64,
    /// GitHub's ID of the pull request.
    pub pull_request_github_id: i64,
    /// GitHub's ID of the reviewer.
    pub reviewer_github_id: Option<i64>,
    /// The review's state, as GitHub names it.
    pub state: String,
    pub submitted_at: Timestamp,
    /// The reviewer's relation to the repository.
    pub author_association: Option<String>,
    /// True when the reviewer is a bot.
    pub reviewer_is_bot: Option<bool>,
    pub dismissed_at: Option<Timestamp>,
}

/// Returns all data from GitHub, ordered by GitHub's IDs.
pub async fn canonical(
    db: &impl Sql,
) -> Result<(Vec<CanonicalRepository>, Vec<CanonicalPull>, Vec<CanonicalReview>), DbError> {
    let repositories =
        "SELECT github_id, full_name, is_enabled, is_archived FROM repositories ORDER BY github_id";
    let pulls = "SELECT p.id, p.github_id, g.github_id AS repository_github_id, p.number, p.author_id, \
         p.title, p.body_digest, p.labels, p.draft, p.state, p.additions, p.deletions, p.changed_files, \
         p.commits, p.base_ref, p.head_ref, p.head_sha, p.opened_at, p.closed_at, p.merged_at, \
         p.merged_by_id, p.github_updated_at, p.needs_fetch, \
         (SELECT count(*) FROM pull_request_versions v WHERE v.pull_request_id = p.id) AS versions \
         FROM pull_requests p JOIN repositories g ON g.id = p.repository_id \
         ORDER BY p.github_id, g.github_id";
    let reviews = "SELECT r.github_id, p.github_id AS pull_request_github_id, r.reviewer_github_id, r.state, \
         r.submitted_at, r.author_association, r.reviewer_is_bot, r.dismissed_at FROM github_reviews r \
         JOIN pull_requests p ON p.id = r.pull_request_id JOIN repositories g ON g.id = p.repository_id \
         ORDER BY r.github_id, p.github_id, g.github_id";
    let people = identity::reads::canonical(db).await?;
    let people: HashMap<Uuid, String> =
        people.into_iter().map(|person| (person.id, person.github_id)).collect();
    let person = |id: Option<Uuid>| people.get(&id?).cloned();
    let mut pulls: Vec<CanonicalPull> = db.all(db.statement(pulls, [])).await?;
    for pull in &mut pulls {
        pull.author = person(pull.author_id);
        pull.merged_by = person(pull.merged_by_id);
    }
    Ok((
        db.all(db.statement(repositories, [])).await?,
        pulls,
        db.all(db.statement(reviews, [])).await?,
    ))
}
