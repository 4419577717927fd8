use std::collections::HashMap;

use crate::model::ProjectId;
use github::model::{PullRequestId, RepositoryId};
use identity::model::Known;
use kernel::{Points, Timestamp};
use platform::db::{DbError, Kind, Rows, Sql, Tx, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::windows::{self, RESULTS, ResultRow, Results};
use crate::rules::{PullFacts, State};

/// A contribution, without its points.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Contribution {
    pub(crate) project_id: ProjectId,
    pub(crate) repository_id: RepositoryId,
    pub(crate) author: Option<Known>,
    pub(crate) state: State,
    pub(crate) reviewed_at: Option<Timestamp>,
    pub(crate) approved_at: Option<Timestamp>,
    pub(crate) rules_version: i32,
    pub(crate) facts: PullFacts,
}

/// The author, repository and times of a stored contribution's parts.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Placed {
    pub(crate) author_id: Option<Uuid>,
    pub(crate) repository_id: Uuid,
    pub(crate) opening_at: Timestamp,
    pub(crate) merged_at: Option<Timestamp>,
}

impl From<github::reads::Placed> for Placed {
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
) -> Result<Vec<Placed>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(pulls), "r");
    let sql =
        format!("SELECT {PLACED} FROM {rows} JOIN contributions c ON c.pull_request_id = r.id");
    db.all(query.statement(sql)).await
}

/// A stored contribution that is settled again.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) placed: Placed,
    pub(crate) results: Results,
}

/// Returns the stored contributions of pull requests.
pub(crate) async fn stored(
    tx: &Tx,
    pulls: impl IntoIterator<Item = PullRequestId>,
) -> Result<HashMap<PullRequestId, Stored>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        pull_request_id: Uuid,
        #[sea_orm(nested)]
        placed: Placed,
        #[sea_orm(nested)]
        results: ResultRow,
    }
    let mut query = tx.query();
    let rows = query.rows(ids(pulls), "r");
    let sql = format!(
        "SELECT c.pull_request_id, {PLACED}, {} FROM {rows} \
         JOIN contributions c ON c.pull_request_id = r.id",
        windows::results()
    );
    let rows: Vec<Row> = tx.all(query.statement(sql)).await?;
    let stored = |row: Row| {
        let stored = Stored {
            placed: row.placed,
            results: row.results.into(),
        };
        (row.pull_request_id.into(), stored)
    };
    Ok(rows.into_iter().map(stored).collect())
}

/// Finds the contributions that the same authors opened in the same repositories within 24 hours after
/// these, because their number of openings may change.
pub(crate) async fn followers(
    tx: &Tx,
    contributions: &[Contribution],
) -> Result<Vec<Placed>, DbError> {
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
    let mut query = tx.query();
    let rows = query.rows(rows, "r");
    let sql = format!(
        "SELECT {PLACED} FROM {rows} JOIN contributions c ON c.author_id = r.author_id \
         AND c.repository_id = r.repository_id AND c.opened_at >= r.from_at AND c.opened_at < r.to_at"
    );
    tx.all(query.statement(sql)).await
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
    let mut rows = Rows::new([
        ("pull_request_id", Kind::Uuid),
        ("project_id", Kind::Uuid),
        ("repository_id", Kind::Uuid),
        ("github_id", Kind::Int),
        ("author_id", Kind::Uuid),
        ("author_identity_id", Kind::Uuid),
        ("state", Kind::Text),
        ("opened_at", Kind::At),
        ("opening_at", Kind::At),
        ("reviewed_at", Kind::At),
        ("approved_at", Kind::At),
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
    ]);
    for (contribution, results) in contributions {
        let facts = &contribution.facts;
        let score = results.score();
        let [a, b, c, d, e, f, g, h] = results.cells();
        rows.push([
            facts.pull_request_id.into(),
            contribution.project_id.into(),
            contribution.repository_id.into(),
            facts.github_id.into(),
            contribution.author.map(|author| author.user_id).into(),
            contribution.author.map(|author| author.identity_id).into(),
            contribution.state.code().into(),
            facts.created_at.into(),
            facts.opening_at().into(),
            contribution.reviewed_at.into(),
            contribution.approved_at.into(),
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
        ]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let names = RESULTS.map(|(name, _)| name);
    let written = names.map(|name| format!("{name} = excluded.{name}"));
    let sql = format!(
        "INSERT INTO contributions (pull_request_id, project_id, repository_id, github_id, \
         author_id, author_identity_id, state, opened_at, opening_at, reviewed_at, \
         approved_at, merged_at, closed_at, rules_version, facts, score, {}, created_at, updated_at) \
         SELECT r.pull_request_id, r.project_id, r.repository_id, r.github_id, r.author_id, \
         r.author_identity_id, r.state, r.opened_at, r.opening_at, r.reviewed_at, \
         r.approved_at, r.merged_at, r.closed_at, r.rules_version, r.facts, r.score, {}, {now}, {now} \
         FROM {rows} WHERE true ON CONFLICT (pull_request_id) DO UPDATE SET \
         project_id = excluded.project_id, github_id = excluded.github_id, \
         author_id = excluded.author_id, author_identity_id = excluded.author_identity_id, \
         state = excluded.state, opened_at = excluded.opened_at, \
         opening_at = excluded.opening_at, \
         reviewed_at = excluded.reviewed_at, approved_at = excluded.approved_at, \
         merged_at = excluded.merged_at, closed_at = excluded.closed_at, \
         rules_version = excluded.rules_version, facts = excluded.facts, score = excluded.score, {}, \
         updated_at = excluded.updated_at",
        names.join(", "),
        names.map(|name| format!("r.{name}")).join(", "),
        written.join(", ")
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
pub(crate) async fn scores(tx: &Tx, after: Uuid, limit: i64) -> Result<Vec<Score>, DbError> {
    let sql = "SELECT pull_request_id, github_id, score FROM contributions \
               WHERE pull_request_id > $1 ORDER BY pull_request_id LIMIT $2";
    tx.all(tx.statement(sql, [after.into(), limit.into()]))
        .await
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
    let rows: Vec<Row> = tx
        .all(tx.statement(sql, [project.into(), at.into()]))
        .await?;
    Ok(rows.into_iter().map(|row| row.pull_request_id).collect())
}

/// A pull request of a project, with the place of its contribution.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Recent {
    pub(crate) pull_request_id: Uuid,
    #[sea_orm(nested)]
    pub(crate) placed: Placed,
}

/// Lists the pull requests of a project that were opened at or after an instant, latest first, at most `limit`.
pub(crate) async fn recent(
    db: &impl Sql,
    project: ProjectId,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<Recent>, DbError> {
    let sql = format!(
        "SELECT c.pull_request_id, {PLACED} FROM contributions c \
         WHERE c.project_id = $1 AND c.opened_at >= $2 \
         ORDER BY c.opened_at DESC, c.pull_request_id DESC LIMIT $3"
    );
    db.all(db.statement(&sql, [project.into(), since.into(), limit.into()]))
        .await
}
