use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use github::model::{PullRequestId, RepositoryId};
use identity::model::{PersonIdentity, UserId};
use kernel::{Month, Points, Timestamp};
use platform::db::{Cell, DbError, Kind, Query, Rows, Sql, Tx, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::ProjectId,
    rules::{AwardPart, PullFacts},
};

/// Identifies the unit of settlement: a contributor in a repository and month.
pub(crate) type WindowKey = (UserId, RepositoryId, Month);

/// The stored result of settling a part of a contribution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PartResult {
    pub(crate) points: Points,
    pub(crate) pending: Points,
    pub(crate) matures_at: Option<Timestamp>,
    pub(crate) explanation: Option<String>,
}

/// The results of a contribution's parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Results {
    pub(crate) opening: PartResult,
    pub(crate) merge: PartResult,
}

impl Results {
    pub(crate) fn of(&self, part: AwardPart) -> &PartResult {
        match part {
            AwardPart::Opening => &self.opening,
            AwardPart::Merge => &self.merge,
        }
    }

    pub(crate) fn of_mut(&mut self, part: AwardPart) -> &mut PartResult {
        match part {
            AwardPart::Opening => &mut self.opening,
            AwardPart::Merge => &mut self.merge,
        }
    }

    pub(crate) fn score(&self) -> Points {
        self.opening.points + self.merge.points
    }

    /// Returns the cells of both parts, in the order of [`RESULTS`].
    pub(crate) fn cells(self) -> [Cell; 8] {
        let [a, b, c, d] = self.opening.cells();
        let [e, f, g, h] = self.merge.cells();
        [a, b, c, d, e, f, g, h]
    }
}

impl PartResult {
    fn cells(self) -> [Cell; 4] {
        [self.points.into(), self.pending.into(), self.matures_at.into(), self.explanation.into()]
    }
}

pub(crate) const RESULTS: [(&str, Kind); 8] = [
    ("opening_points", Kind::Int),
    ("opening_pending", Kind::Int),
    ("opening_matures_at", Kind::At),
    ("opening_explanation", Kind::Text),
    ("merge_points", Kind::Int),
    ("merge_pending", Kind::Int),
    ("merge_matures_at", Kind::At),
    ("merge_explanation", Kind::Text),
];

#[derive(Debug, FromQueryResult)]
pub(super) struct ResultRow {
    opening_points: Points,
    opening_pending: Points,
    opening_matures_at: Option<Timestamp>,
    opening_explanation: Option<String>,
    merge_points: Points,
    merge_pending: Points,
    merge_matures_at: Option<Timestamp>,
    merge_explanation: Option<String>,
}

impl From<ResultRow> for Results {
    fn from(row: ResultRow) -> Self {
        Self {
            opening: PartResult {
                points: row.opening_points,
                pending: row.opening_pending,
                matures_at: row.opening_matures_at,
                explanation: row.opening_explanation,
            },
            merge: PartResult {
                points: row.merge_points,
                pending: row.merge_pending,
                matures_at: row.merge_matures_at,
                explanation: row.merge_explanation,
            },
        }
    }
}

/// Returns the columns of the results, for a select.
pub(super) fn results() -> String {
    RESULTS.map(|(name, _)| format!("c.{name}")).join(", ")
}

/// A contribution with a part in a window.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) project_id: ProjectId,
    pub(crate) repository_id: RepositoryId,
    pub(crate) author: PersonIdentity,
    pub(crate) facts: PullFacts,
    pub(crate) results: Results,
}

impl Row {
    pub(crate) fn windows(&self) -> BTreeSet<WindowKey> {
        let months = [Some(self.facts.opening_at()), self.facts.merged_at];
        let key = |at| (self.author.user_id, self.repository_id, Month::of(at));
        months.into_iter().flatten().map(key).collect()
    }
}

/// Creates a set of rows from authors, repositories, and the times between which something is searched.
pub(super) fn spans(
    spans: impl IntoIterator<Item = (UserId, RepositoryId, Timestamp, Timestamp)>,
) -> Rows<4> {
    let mut rows = Rows::new([
        ("author_id", Kind::Uuid),
        ("repository_id", Kind::Uuid),
        ("from_at", Kind::At),
        ("to_at", Kind::At),
    ]);
    for (author, repository, from, to) in spans {
        rows.push([author.into(), repository.into(), from.into(), to.into()]);
    }
    rows
}

/// A contribution as it is read, without its results.
#[derive(FromQueryResult)]
struct WindowContribution {
    project_id: Uuid,
    repository_id: Uuid,
    author_id: Uuid,
    author_identity_id: Uuid,
    facts: String,
}

const ROW: &str = "c.project_id, c.repository_id, c.author_id, c.author_identity_id, c.facts";

impl WindowContribution {
    fn with(self, results: Results) -> Result<Row, DbError> {
        Ok(Row {
            project_id: self.project_id.into(),
            repository_id: self.repository_id.into(),
            author: PersonIdentity {
                user_id: self.author_id.into(),
                identity_id: self.author_identity_id.into(),
            },
            facts: read(&self.facts)?,
            results,
        })
    }
}

/// Selects columns of each stored contribution with a part in one of the windows, once.
fn within_windows(query: &mut Query, windows: &BTreeSet<WindowKey>, columns: &str) -> String {
    let set = spans(
        windows
            .iter()
            .map(|(author, repository, month)| (*author, *repository, month.start(), month.end())),
    );
    let set = query.rows(set, "r");
    let within = |column: &str| format!("(c.{column} >= r.from_at AND c.{column} < r.to_at)");
    format!(
        "WITH found AS (SELECT DISTINCT c.pull_request_id FROM {set} JOIN contributions c \
         ON c.author_id = r.author_id AND c.repository_id = r.repository_id \
         AND c.opened_at < r.to_at AND ({} OR {})) SELECT {columns} \
         FROM found JOIN contributions c ON c.pull_request_id = found.pull_request_id",
        within("opening_at"),
        within("merged_at")
    )
}

/// Returns each stored contribution with a part in one of the windows, once, except those of `others`.
pub(crate) async fn rows(
    db: &impl Sql,
    windows: &BTreeSet<WindowKey>,
    others: impl IntoIterator<Item = PullRequestId>,
) -> Result<Vec<Row>, DbError> {
    #[derive(FromQueryResult)]
    struct StoredOpening {
        #[sea_orm(nested)]
        placed: WindowContribution,
        #[sea_orm(nested)]
        results: ResultRow,
    }
    let mut query = db.query();
    let found = within_windows(&mut query, windows, &format!("{ROW}, {}", results()));
    let others = query.rows(ids(others), "o");
    let sql = format!("{found} WHERE c.pull_request_id NOT IN (SELECT o.id FROM {others})");
    let stored: Vec<StoredOpening> = db.all(query.statement(sql)).await?;
    let row = |stored: StoredOpening| stored.placed.with(stored.results.into());
    stored.into_iter().map(row).collect()
}

/// Returns each stored contribution with a part in one of the windows, once, without its results.
pub(crate) async fn facts(
    db: &impl Sql,
    windows: &BTreeSet<WindowKey>,
) -> Result<Vec<Row>, DbError> {
    let mut query = db.query();
    let sql = within_windows(&mut query, windows, ROW);
    let stored: Vec<WindowContribution> = db.all(query.statement(sql)).await?;
    let row = |placed: WindowContribution| placed.with(Results::default());
    stored.into_iter().map(row).collect()
}

fn read(facts: &str) -> Result<PullFacts, DbError> {
    let unreadable = |error| {
        sea_orm::DbErr::Type(format!("cannot read the stored facts of a contribution: {error}"))
    };
    Ok(serde_json::from_str(facts).map_err(unreadable)?)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PullOpening {
    pub(crate) at: Timestamp,
    pub(crate) github_id: i64,
}

/// The openings of an author in a repository.
pub(crate) type Openings = BTreeMap<(UserId, RepositoryId), BTreeSet<PullOpening>>;

/// Returns the stored openings that count toward the frequency of these rows: those in the 24 hours before each, except
/// the openings of `others`.
pub(crate) async fn openings(
    db: &impl Sql,
    rows: &[Row],
    others: impl IntoIterator<Item = PullRequestId>,
) -> Result<Openings, DbError> {
    #[derive(FromQueryResult)]
    struct StoredOpening {
        author_id: Uuid,
        repository_id: Uuid,
        opened_at: Timestamp,
        github_id: i64,
    }
    let counted = counted_spans(rows).into_iter();
    let set =
        spans(counted.map(|((author, repository), (from, to))| (author, repository, from, to)));
    let mut query = db.query();
    let (set, others) = (query.rows(set, "r"), query.rows(ids(others), "o"));
    let sql = format!(
        "SELECT c.author_id, c.repository_id, c.opened_at, c.github_id FROM {set} \
         JOIN contributions c ON c.author_id = r.author_id AND c.repository_id = r.repository_id \
         AND c.opened_at > r.from_at AND c.opened_at <= r.to_at \
         WHERE c.pull_request_id NOT IN (SELECT o.id FROM {others})"
    );
    let stored: Vec<StoredOpening> = db.all(query.statement(sql)).await?;
    let mut openings = Openings::new();
    for row in stored {
        let key = (row.author_id.into(), row.repository_id.into());
        openings
            .entry(key)
            .or_default()
            .insert(PullOpening { at: row.opened_at, github_id: row.github_id });
    }
    Ok(openings)
}

/// Returns the time in which openings count toward the frequency of rows, by author and repository.
fn counted_spans(rows: &[Row]) -> BTreeMap<(UserId, RepositoryId), (Timestamp, Timestamp)> {
    let mut spans = BTreeMap::new();
    for row in rows {
        let opened_at = row.facts.created_at;
        let day = (opened_at - TimeDelta::days(1), opened_at);
        let span = spans.entry((row.author.user_id, row.repository_id)).or_insert(day);
        *span = (span.0.min(day.0), span.1.max(day.1));
    }
    spans
}

/// Writes the results of contributions.
pub(crate) async fn write(
    tx: &Tx,
    changed: Vec<(PullRequestId, Results)>,
    now: Timestamp,
) -> Result<(), DbError> {
    if changed.is_empty() {
        return Ok(());
    }
    let [a, b, c, d, e, f, g, h] = RESULTS;
    let mut rows =
        Rows::new([("pull_request_id", Kind::Uuid), ("score", Kind::Int), a, b, c, d, e, f, g, h]);
    for (pull_request_id, results) in changed {
        let score = results.score().into();
        let [a, b, c, d, e, f, g, h] = results.cells();
        rows.push([pull_request_id.into(), score, a, b, c, d, e, f, g, h]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let set = RESULTS.map(|(name, _)| format!("{name} = r.{name}"));
    let sql = format!(
        "UPDATE contributions SET {}, score = r.score, updated_at = {now} FROM {rows} \
         WHERE contributions.pull_request_id = r.pull_request_id",
        set.join(", ")
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Finds pull requests with a matured part.
pub(crate) async fn matured(
    db: &impl Sql,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct MaturedPull {
        pull_request_id: Uuid,
    }
    let sql = "SELECT pull_request_id FROM contributions WHERE opening_matures_at <= $1 \
               UNION SELECT pull_request_id FROM contributions WHERE merge_matures_at <= $1 LIMIT $2";
    let rows: Vec<MaturedPull> = db.all(db.statement(sql, [now.into(), limit.into()])).await?;
    Ok(rows.into_iter().map(|row| row.pull_request_id).collect())
}
