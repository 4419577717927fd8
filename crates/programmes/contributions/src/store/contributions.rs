use std::collections::HashMap;

use crate::model::ProjectId;
use github::model::{PullRequestId, RepositoryId};
use identity::model::PersonIdentity;
use kernel::{Points, Timestamp};
use platform::db::{Cell, DbError, Engine, Kind, Rows, Sql, Tx, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::windows::{self, RESULTS, ResultRow, Results};
use crate::rules::{
    PullFacts,
    review::{Deadlines, PullEnd, ReviewState},
};

/// A contribution, without its points.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Contribution {
    pub(crate) project_id: ProjectId,
    pub(crate) repository_id: RepositoryId,
    pub(crate) author: Option<PersonIdentity>,
    pub(crate) review_state: ReviewState,
    /// The times at which it becomes idle, while it is open.
    pub(crate) deadlines: Option<Deadlines>,
    /// True if commits were pushed after the latest approval.
    pub(crate) has_new_commits: bool,
    /// True if anyone reviewed it here.
    pub(crate) is_reviewed: bool,
    /// True if a maintainer's mark as spam holds now.
    pub(crate) is_marked_spam: bool,
    /// True if a maintainer's mark as low value holds now.
    pub(crate) is_marked_low_value: bool,
    /// Its end on GitHub.
    pub(crate) ended: PullEnd,
    /// When its facts close; absent while it is open.
    pub(crate) closes_at: Option<Timestamp>,
    pub(crate) rules_version: i32,
    pub(crate) facts: PullFacts,
}

/// The columns that reviews change.
const REVIEWED: [(&str, Kind); 8] = [
    ("state", Kind::Text),
    ("reviewed_at", Kind::At),
    ("approved_at", Kind::At),
    ("active_at", Kind::At),
    ("stale_at", Kind::At),
    ("abandoned_at", Kind::At),
    ("due_at", Kind::At),
    ("has_new_commits", Kind::Bool),
];

impl Contribution {
    /// Returns the cells of [`REVIEWED`].
    fn reviewed(&self) -> [Cell; 8] {
        let deadlines = self.deadlines;
        [
            self.review_state.state.as_str().into(),
            self.review_state.reviewed_at.into(),
            self.review_state.approved_at.into(),
            deadlines.map(|deadlines| deadlines.active_at).into(),
            deadlines.map(|deadlines| deadlines.stale_at).into(),
            deadlines.map(|deadlines| deadlines.abandoned_at).into(),
            deadlines.map(|deadlines| deadlines.due_at).into(),
            self.has_new_commits.into(),
        ]
    }
}

/// The author, repository and times of a stored contribution's parts.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ContributionPlace {
    pub(crate) author_id: Option<Uuid>,
    pub(crate) repository_id: Uuid,
    pub(crate) opening_at: Timestamp,
    pub(crate) merged_at: Option<Timestamp>,
}

impl From<github::reads::Placed> for ContributionPlace {
    fn from(pull: github::reads::Placed) -> Self {
        Self {
            author_id: pull.author_id,
            repository_id: pull.repository_id,
            opening_at: pull.opened_at,
            merged_at: pull.merged_at,
        }
    }
}

const PLACED: &str = "c.author_id, c.repository_id, c.opening_at, c.merged_at";

pub(crate) async fn placed(
    db: &impl Sql,
    pulls: impl IntoIterator<Item = PullRequestId>,
) -> Result<Vec<ContributionPlace>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(pulls), "r");
    let sql =
        format!("SELECT {PLACED} FROM {rows} JOIN contributions c ON c.pull_request_id = r.id");
    db.all(query.statement(sql)).await
}

/// A stored contribution that is settled again.
#[derive(Debug)]
pub(crate) struct StoredContribution {
    pub(crate) placed: ContributionPlace,
    pub(crate) results: Results,
}

/// Returns the stored contributions of pull requests.
pub(crate) async fn stored(
    db: &impl Sql,
    pulls: impl IntoIterator<Item = PullRequestId>,
) -> Result<HashMap<PullRequestId, StoredContribution>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        pull_request_id: Uuid,
        #[sea_orm(nested)]
        placed: ContributionPlace,
        #[sea_orm(nested)]
        results: ResultRow,
    }
    let mut query = db.query();
    let rows = query.rows(ids(pulls), "r");
    let sql = format!(
        "SELECT c.pull_request_id, {PLACED}, {} FROM {rows} \
         JOIN contributions c ON c.pull_request_id = r.id",
        windows::results()
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let stored = |row: Row| {
        let stored = StoredContribution { placed: row.placed, results: row.results.into() };
        (row.pull_request_id.into(), stored)
    };
    Ok(rows.into_iter().map(stored).collect())
}

/// Finds the contributions that the same authors opened in the same repositories within 24 hours after
/// these, because their number of openings may change.
pub(crate) async fn followers(
    db: &impl Sql,
    contributions: &[Contribution],
) -> Result<Vec<ContributionPlace>, DbError> {
    let after = |contribution: &Contribution| {
        let opened_at = contribution.facts.created_at;
        let day_later = opened_at + chrono::TimeDelta::days(1);
        let author = contribution.author?.user_id;
        Some((author, contribution.repository_id, opened_at, day_later))
    };
    let rows = windows::spans(contributions.iter().filter_map(after));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = db.query();
    let rows = query.rows(rows, "r");
    let sql = format!(
        "SELECT {PLACED} FROM {rows} JOIN contributions c ON c.author_id = r.author_id \
         AND c.repository_id = r.repository_id AND c.opened_at >= r.from_at AND c.opened_at < r.to_at"
    );
    db.all(query.statement(sql)).await
}

/// Writes contributions with their results.
pub(crate) async fn upsert(
    tx: &Tx,
    contributions: Vec<(Contribution, Results)>,
    now: Timestamp,
) -> Result<(), DbError> {
    if contributions.is_empty() {
        return Ok(());
    }
    let [a, b, c, d, e, f, g, h] = RESULTS;
    let [i, j, k, l, m, n, o, p] = REVIEWED;
    let mut rows = Rows::new([
        ("pull_request_id", Kind::Uuid),
        ("project_id", Kind::Uuid),
        ("repository_id", Kind::Uuid),
        ("github_id", Kind::Int),
        ("author_id", Kind::Uuid),
        ("author_identity_id", Kind::Uuid),
        ("opened_at", Kind::At),
        ("opening_at", Kind::At),
        ("merged_at", Kind::At),
        ("closed_at", Kind::At),
        ("rules_version", Kind::Int),
        ("facts", Kind::Text),
        ("score", Kind::Int),
        a,
        b,
        c,
        d,
        e,
        f,
        g,
        h,
        i,
        j,
        k,
        l,
        m,
        n,
        o,
        p,
    ]);
    for (contribution, results) in contributions {
        let facts = &contribution.facts;
        let score = results.score();
        let [a, b, c, d, e, f, g, h] = results.cells();
        let [i, j, k, l, m, n, o, p] = contribution.reviewed();
        rows.push([
            facts.pull_request_id.into(),
            contribution.project_id.into(),
            contribution.repository_id.into(),
            facts.github_id.into(),
            contribution.author.map(|author| author.user_id).into(),
            contribution.author.map(|author| author.identity_id).into(),
            facts.created_at.into(),
            facts.opening_at().into(),
            facts.merged_at.into(),
            facts.closed_at.into(),
            contribution.rules_version.into(),
            serde_json::to_string(facts).unwrap_or_default().into(),
            score.into(),
            a,
            b,
            c,
            d,
            e,
            f,
            g,
            h,
            i,
            j,
            k,
            l,
            m,
            n,
            o,
            p,
        ]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let names: Vec<&str> = RESULTS.iter().chain(&REVIEWED).map(|(name, _)| *name).collect();
    let written: Vec<_> = names.iter().map(|name| format!("{name} = excluded.{name}")).collect();
    let read: Vec<_> = names.iter().map(|name| format!("r.{name}")).collect();
    let sql = format!(
        "INSERT INTO contributions (pull_request_id, project_id, repository_id, github_id, \
         author_id, author_identity_id, opened_at, opening_at, merged_at, closed_at, \
         rules_version, facts, score, {}, created_at, updated_at) \
         SELECT r.pull_request_id, r.project_id, r.repository_id, r.github_id, r.author_id, \
         r.author_identity_id, r.opened_at, r.opening_at, r.merged_at, r.closed_at, \
         r.rules_version, r.facts, r.score, {}, {now}, {now} \
         FROM {rows} WHERE true ON CONFLICT (pull_request_id) DO UPDATE SET \
         project_id = excluded.project_id, github_id = excluded.github_id, \
         author_id = excluded.author_id, author_identity_id = excluded.author_identity_id, \
         opened_at = excluded.opened_at, opening_at = excluded.opening_at, \
         merged_at = excluded.merged_at, closed_at = excluded.closed_at, \
         rules_version = excluded.rules_version, facts = excluded.facts, score = excluded.score, {}, \
         updated_at = excluded.updated_at",
        names.join(", "),
        read.join(", "),
        written.join(", ")
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Locks the contributions of pull requests, in the order of their IDs, before their reviews are changed. On SQLite the
/// single writer suffices. Returns those that exist.
pub(crate) async fn lock(
    tx: &Tx,
    pulls: impl IntoIterator<Item = PullRequestId>,
) -> Result<Vec<PullRequestId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        pull_request_id: Uuid,
    }
    let lock = match tx.engine() {
        Engine::Sqlite => "",
        Engine::Postgres => "FOR NO KEY UPDATE",
    };
    let mut query = tx.query();
    let rows = query.rows(ids(pulls), "r");
    let sql = format!(
        "SELECT pull_request_id FROM contributions \
         WHERE pull_request_id IN (SELECT r.id FROM {rows}) ORDER BY pull_request_id {lock}"
    );
    let found: Vec<Row> = tx.all(query.statement(sql)).await?;
    Ok(found.into_iter().map(|row| row.pull_request_id.into()).collect())
}

/// Writes what reviews change of contributions.
pub(crate) async fn write_reviewed(
    tx: &Tx,
    contributions: &[Contribution],
    now: Timestamp,
) -> Result<(), DbError> {
    let [a, b, c, d, e, f, g, h] = REVIEWED;
    let mut rows = Rows::new([("pull_request_id", Kind::Uuid), a, b, c, d, e, f, g, h]);
    for contribution in contributions {
        let [a, b, c, d, e, f, g, h] = contribution.reviewed();
        let id = contribution.facts.pull_request_id.into();
        rows.push([id, a, b, c, d, e, f, g, h]);
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let set = REVIEWED.map(|(name, _)| format!("{name} = r.{name}"));
    let sql = format!(
        "UPDATE contributions SET {}, updated_at = {now} FROM {rows} \
         WHERE contributions.pull_request_id = r.pull_request_id",
        set.join(", ")
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Deletes the contributions of pull requests that belong to no project any more.
pub(crate) async fn remove(
    tx: &Tx,
    pulls: impl IntoIterator<Item = PullRequestId>,
) -> Result<(), DbError> {
    let pulls = ids(pulls);
    if pulls.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let rows = query.rows(pulls, "r");
    let sql =
        format!("DELETE FROM contributions WHERE pull_request_id IN (SELECT r.id FROM {rows})");
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// The score of a pull request.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub(crate) struct Score {
    pub(crate) pull_request_id: Uuid,
    pub(crate) github_id: i64,
    pub(crate) score: Points,
}

/// Lists the scores of pull requests after an ID, ordered by ID, at most `limit`.
pub(crate) async fn scores(db: &impl Sql, after: Uuid, limit: i64) -> Result<Vec<Score>, DbError> {
    let sql = "SELECT pull_request_id, github_id, score FROM contributions \
               WHERE pull_request_id > $1 ORDER BY pull_request_id LIMIT $2";
    db.all(db.statement(sql, [after.into(), limit.into()])).await
}

/// Finds the pull requests of a project with a part at or after an instant.
pub(crate) async fn since(
    tx: &Tx,
    project: ProjectId,
    at: Timestamp,
) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        pull_request_id: Uuid,
    }
    let sql = "SELECT pull_request_id FROM contributions WHERE project_id = $1 \
               AND (opened_at >= $2 OR opening_at >= $2 OR merged_at >= $2) ORDER BY pull_request_id";
    let rows: Vec<Row> = tx.all(tx.statement(sql, [project.into(), at.into()])).await?;
    Ok(rows.into_iter().map(|row| row.pull_request_id).collect())
}

/// Finds the open pull requests of a project.
pub(crate) async fn open_ids(tx: &Tx, project: ProjectId) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        pull_request_id: Uuid,
    }
    let sql = "SELECT pull_request_id FROM contributions WHERE project_id = $1 \
               AND state NOT IN ('MERGED', 'CLOSED') ORDER BY pull_request_id";
    let rows: Vec<Row> = tx.all(tx.statement(sql, [project.into()])).await?;
    Ok(rows.into_iter().map(|row| row.pull_request_id).collect())
}

/// A pull request of a project, with the place of its contribution.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct RecentContribution {
    pub(crate) pull_request_id: Uuid,
    #[sea_orm(nested)]
    pub(crate) placed: ContributionPlace,
}

/// Lists the pull requests of a project that were opened at or after an instant, latest first, at most `limit`.
pub(crate) async fn recent(
    db: &impl Sql,
    project: ProjectId,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<RecentContribution>, DbError> {
    let sql = format!(
        "SELECT c.pull_request_id, {PLACED} FROM contributions c \
         WHERE c.project_id = $1 AND c.opened_at >= $2 \
         ORDER BY c.opened_at DESC, c.pull_request_id DESC LIMIT $3"
    );
    db.all(db.statement(&sql, [project.into(), since.into(), limit.into()])).await
}
