use std::{collections::HashMap, fmt};

use crate::{model::ProjectId, rules::State};
use github::{
    model::{PullRequestId, RepositoryId},
    reads::PullRequest,
};
use identity::model::UserId;
use kernel::{Points, Timestamp, counted};
use platform::db::{Cell, DbError, Kind, Sql, code, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A pull request's contribution, with its points and explanations.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Contribution {
    pub pull_request_id: Uuid,
    pub project_id: Uuid,
    pub state: State,
    pub opened_at: Timestamp,
    /// When a maintainer first reviewed it.
    pub reviewed_at: Option<Timestamp>,
    pub approved_at: Option<Timestamp>,
    pub merged_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    /// The version of the rules that is used.
    pub rules_version: i64,
    /// The points in the ledger.
    pub score: Points,
    pub opening_pending: Points,
    pub merge_pending: Points,
    /// The explanation of the points for opening, as JSON.
    pub opening_explanation: Option<String>,
    /// The explanation of the points for merging, as JSON.
    pub merge_explanation: Option<String>,
}

const CONTRIBUTION: &str = "pull_request_id, project_id, state, opened_at, reviewed_at, approved_at, \
     merged_at, closed_at, rules_version, score, opening_pending, merge_pending, \
     opening_explanation, merge_explanation";

/// Returns the contribution of a pull request; `None` when it belongs to no project.
pub async fn of_pull_request(
    db: &impl Sql,
    pull: PullRequestId,
) -> Result<Option<Contribution>, DbError> {
    let sql = format!("SELECT {CONTRIBUTION} FROM contributions WHERE pull_request_id = $1");
    db.one(db.statement(&sql, [pull.into()])).await
}

#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct ScoredContribution {
    #[sea_orm(nested)]
    pub(super) contribution: Contribution,
    /// The facts, as JSON.
    pub(super) facts: String,
    /// The reason why its repository is excluded, if it is.
    pub(super) exclusion_reason: Option<String>,
}

/// Returns the contribution of a pull request with its facts; `None` when it belongs to no project.
pub(super) async fn scored(
    db: &impl Sql,
    pull: PullRequestId,
) -> Result<Option<ScoredContribution>, DbError> {
    let sql = format!(
        "SELECT {CONTRIBUTION}, facts, (SELECT x.reason FROM repository_exclusions x \
         WHERE x.repository_id = contributions.repository_id AND x.lifted_at IS NULL) AS exclusion_reason \
         FROM contributions WHERE pull_request_id = $1"
    );
    db.one(db.statement(&sql, [pull.into()])).await
}

/// A filter of the contributions of a person. Absent fields match everything.
#[derive(Clone, Copy, Debug, Default)]
pub struct PersonPulls {
    pub part: ContributionPart,
    pub project: Option<ProjectId>,
    pub repository: Option<RepositoryId>,
}

/// Lists the contributions of a person that match a filter and were opened before a position (exclusive), newest first.
pub async fn of_person(
    db: &impl Sql,
    person: UserId,
    filter: PersonPulls,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<Contribution>, DbError> {
    let within = [
        ("author_id", Some(Cell::from(person))),
        ("project_id", filter.project.map(Cell::from)),
        ("repository_id", filter.repository.map(Cell::from)),
    ];
    latest(db, within, filter.part, before, limit).await
}

/// A repository of a project in which a person opened pull requests.
#[derive(Clone, Debug, FromQueryResult)]
pub struct PersonRepository {
    pub repository_id: Uuid,
    /// The slug of the project.
    pub slug: String,
    /// The name of the project.
    pub project: String,
}

/// Lists the repositories in which a person opened pull requests. Those that were removed from their project are left out.
pub async fn repositories_of_person(
    db: &impl Sql,
    person: UserId,
) -> Result<Vec<PersonRepository>, DbError> {
    let sql = "SELECT DISTINCT c.repository_id, p.slug, p.name AS project FROM contributions c \
               JOIN project_repositories r ON r.repository_id = c.repository_id \
               AND r.project_id = c.project_id JOIN projects p ON p.id = c.project_id \
               WHERE c.author_id = $1";
    db.all(db.statement(sql, [person.into()])).await
}

/// A part of the contributions of a project or person, by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContributionPart {
    #[default]
    All,
    /// Neither merged nor closed.
    Open,
    /// Open, and not reviewed since the last change that a review asked for.
    NeedsReview,
    Merged,
    In(State),
}

impl ContributionPart {
    /// Returns its condition. That of open ones is the one of an index.
    fn holds(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Open => "AND state NOT IN ('MERGED', 'CLOSED')",
            Self::NeedsReview => {
                "AND state NOT IN ('MERGED', 'CLOSED') AND state IN ('OPEN', 'UNDER_REVIEW')"
            }
            Self::Merged | Self::In(State::Merged) => "AND state = 'MERGED'",
            Self::In(State::Open) => "AND state = 'OPEN'",
            Self::In(State::UnderReview) => "AND state = 'UNDER_REVIEW'",
            Self::In(State::ChangesRequested) => "AND state = 'CHANGES_REQUESTED'",
            Self::In(State::Approved) => "AND state = 'APPROVED'",
            Self::In(State::Closed) => "AND state = 'CLOSED'",
        }
    }
}

/// Lists a part of a project's contributions opened before a position (exclusive), newest first.
pub async fn of_project(
    db: &impl Sql,
    project: ProjectId,
    part: ContributionPart,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<Contribution>, DbError> {
    latest(db, [("project_id", Some(Cell::from(project)))], part, before, limit).await
}

/// Lists the latest contributions whose columns have the given values; absent ones match everything.
async fn latest(
    db: &impl Sql,
    within: impl IntoIterator<Item = (&'static str, Option<Cell>)>,
    part: ContributionPart,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<Contribution>, DbError> {
    let mut query = db.query();
    let equal =
        |(column, value): (&str, Option<Cell>)| Some(format!("{column} = {}", query.bind(value?)));
    let within: Vec<String> = within.into_iter().filter_map(equal).collect();
    let (within, limit) = (within.join(" AND "), query.bind(limit));
    let earlier = before.map_or(String::new(), |(at, id)| {
        format!("AND (opened_at, pull_request_id) < ({}, {})", query.bind(at), query.bind(id))
    });
    let part = part.holds();
    let sql = format!(
        "SELECT {CONTRIBUTION} FROM contributions WHERE {within} {part} {earlier} \
         ORDER BY opened_at DESC, pull_request_id DESC LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// Returns the states of the contributions of pull requests, by the ID of the pull request. Those of no project are
/// left out.
pub async fn states(
    db: &impl Sql,
    pulls: impl IntoIterator<Item = PullRequestId>,
) -> Result<HashMap<Uuid, State>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(pulls), "r");
    let sql = format!(
        "SELECT c.pull_request_id, c.state FROM {rows} \
         JOIN contributions c ON c.pull_request_id = r.id"
    );
    let columns = [("pull_request_id", Kind::Uuid), ("state", Kind::Text)];
    let found: Vec<(Uuid, String)> = db.documents(query.documents(&columns, &sql)).await?;
    let state = |(pull, text): (Uuid, String)| {
        Ok((pull, code("contributions.state", &text, State::named)?))
    };
    found.into_iter().map(state).collect()
}

/// The pull requests of a repository, and what they earned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RepositoryEarnings {
    /// The number of pull requests.
    pub pull_requests: i64,
    /// The points in the ledger.
    pub points: Points,
}

impl fmt::Display for RepositoryEarnings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let points = counted(self.points, "point", "points");
        let pulls = counted(self.pull_requests, "pull request", "pull requests");
        write!(f, "{points} of {pulls}")
    }
}

/// Returns what the pull requests of each repository of a project earned, by the ID of the repository. Repositories without
/// pull requests are left out.
pub async fn earned(
    db: &impl Sql,
    project: ProjectId,
) -> Result<HashMap<Uuid, RepositoryEarnings>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        repository_id: Uuid,
        pull_requests: i64,
        points: Points,
    }
    let sql = "SELECT repository_id, count(*) AS pull_requests, CAST(sum(score) AS BIGINT) AS points \
               FROM contributions WHERE project_id = $1 GROUP BY repository_id";
    let rows: Vec<Row> = db.all(db.statement(sql, [project.into()])).await?;
    let earned = |row: Row| {
        let earned = RepositoryEarnings { pull_requests: row.pull_requests, points: row.points };
        (row.repository_id, earned)
    };
    Ok(rows.into_iter().map(earned).collect())
}

/// Returns the pull requests of contributions, by ID, except those of repositories that are now private.
pub async fn pull_requests(
    db: &impl Sql,
    rows: &[Contribution],
) -> Result<HashMap<Uuid, PullRequest>, DbError> {
    let ids = rows.iter().map(|row| row.pull_request_id.into());
    github::reads::pull_requests(db, ids).await
}
