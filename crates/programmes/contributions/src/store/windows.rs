use std::collections::{BTreeMap, BTreeSet};

use github::model::{PullRequestId, RepositoryId};
use identity::model::UserId;
use kernel::{Month, Points, Timestamp};
use platform::db::{Cell, DbError, Kind, Rows, Sql, Tx, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::rules::Part;

/// Identifies the unit of settlement: a contributor in a repository and month.
pub(crate) type WindowKey = (UserId, RepositoryId, Month);

/// A contribution with a part in a window.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Row {
    pub(crate) pull_request_id: Uuid,
    pub(crate) project_id: Uuid,
    pub(crate) repository_id: Uuid,
    pub(crate) author_id: Uuid,
    pub(crate) author_identity_id: Uuid,
    pub(crate) opening_at: Timestamp,
    pub(crate) merged_at: Option<Timestamp>,
    pub(crate) facts: String,
    pub(crate) openings: i64,
    pub(crate) opening_points: i64,
    pub(crate) merge_points: i64,
    pub(crate) opening_explanation: Option<String>,
    pub(crate) merge_explanation: Option<String>,
    pub(crate) opening_matures_at: Option<Timestamp>,
    pub(crate) merge_matures_at: Option<Timestamp>,
}

/// Returns each contribution with a part in one of the windows, once, with the number of pull requests that
/// its author opened in the repository in the 24 hours up to it.
pub(crate) async fn rows(tx: &Tx, windows: &BTreeSet<WindowKey>) -> Result<Vec<Row>, DbError> {
    let mut set = Rows::new([
        ("author_id", Kind::Uuid),
        ("repository_id", Kind::Uuid),
        ("from_at", Kind::At),
        ("to_at", Kind::At),
    ]);
    for (author, repository, month) in windows {
        set.push([
            (*author).into(),
            (*repository).into(),
            month.start().into(),
            month.end().into(),
        ]);
    }
    let mut query = tx.query();
    let set = query.rows(set, "r");
    let within = |column: &str| format!("(c.{column} >= r.from_at AND c.{column} < r.to_at)");
    let sql = format!(
        "WITH found AS (SELECT DISTINCT c.id FROM {set} JOIN contributions c \
         ON c.author_id = r.author_id AND c.repository_id = r.repository_id \
         AND c.opened_at < r.to_at AND ({} OR {})) \
         SELECT c.pull_request_id, c.project_id, c.repository_id, c.author_id, c.author_identity_id, \
         c.opening_at, c.merged_at, c.facts, c.opening_points, c.merge_points, c.opening_explanation, \
         c.merge_explanation, c.opening_matures_at, c.merge_matures_at, \
         (SELECT count(*) FROM contributions o WHERE o.author_id = c.author_id \
          AND o.repository_id = c.repository_id AND o.opened_at > c.day_before_at \
          AND o.opened_at <= c.opened_at AND (o.opened_at, o.github_id) <= (c.opened_at, c.github_id)) AS openings \
         FROM found JOIN contributions c ON c.id = found.id",
        within("opening_at"),
        within("merged_at")
    );
    tx.all(query.statement(sql)).await
}

/// The result of settling a part of a contribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Calculated {
    pub(crate) pull_request_id: Uuid,
    pub(crate) part: Part,
    pub(crate) points: Points,
    pub(crate) pending: Points,
    pub(crate) matures_at: Option<Timestamp>,
    pub(crate) explanation: String,
}

/// Writes changed parts and the contributions' scores. A row is written once, even if both parts changed.
pub(crate) async fn write(
    tx: &Tx,
    calculated: &[Calculated],
    now: Timestamp,
) -> Result<(), DbError> {
    let mut changed: BTreeMap<Uuid, [Option<&Calculated>; 2]> = BTreeMap::new();
    for calculated in calculated {
        let parts = changed.entry(calculated.pull_request_id).or_default();
        parts[usize::from(calculated.part == Part::Merge)] = Some(calculated);
    }
    if changed.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(written(&changed), "r"), query.bind(now));
    let set = |part: &str| {
        format!(
            "{part}_points = coalesce(r.{part}_points, contributions.{part}_points), \
             {part}_pending = coalesce(r.{part}_pending, contributions.{part}_pending), \
             {part}_explanation = coalesce(r.{part}_explanation, contributions.{part}_explanation), \
             {part}_matures_at = CASE WHEN r.{part}_points IS NULL \
             THEN contributions.{part}_matures_at ELSE r.{part}_matures_at END"
        )
    };
    let sql = format!(
        "UPDATE contributions SET {}, {}, updated_at = {now}, \
         score = coalesce(r.opening_points, contributions.opening_points) \
         + coalesce(r.merge_points, contributions.merge_points) \
         FROM {rows} WHERE contributions.pull_request_id = r.pull_request_id",
        set("opening"),
        set("merge")
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Removes the points and explanations of contributions without an author.
pub(crate) async fn clear(tx: &Tx, pulls: &[PullRequestId], now: Timestamp) -> Result<(), DbError> {
    if pulls.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let rows = query.rows(ids(pulls.iter().copied()), "r");
    let now = query.bind(now);
    let sql = format!(
        "UPDATE contributions SET score = 0, opening_points = 0, opening_pending = 0, \
         opening_matures_at = NULL, opening_explanation = NULL, merge_points = 0, merge_pending = 0, \
         merge_matures_at = NULL, merge_explanation = NULL, updated_at = {now} FROM {rows} \
         WHERE contributions.pull_request_id = r.id AND (contributions.opening_explanation IS NOT NULL \
         OR contributions.merge_explanation IS NOT NULL)"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Returns the cells of a changed part, or empty cells.
fn cells(calculated: Option<&Calculated>) -> [Cell; 4] {
    [
        calculated.map(|calculated| calculated.points).into(),
        calculated.map(|calculated| calculated.pending).into(),
        calculated
            .and_then(|calculated| calculated.matures_at)
            .into(),
        calculated
            .map(|calculated| calculated.explanation.clone())
            .into(),
    ]
}

fn written(changed: &BTreeMap<Uuid, [Option<&Calculated>; 2]>) -> Rows<9> {
    let mut rows = Rows::new([
        ("pull_request_id", Kind::Uuid),
        ("opening_points", Kind::Int),
        ("opening_pending", Kind::Int),
        ("opening_matures_at", Kind::At),
        ("opening_explanation", Kind::Text),
        ("merge_points", Kind::Int),
        ("merge_pending", Kind::Int),
        ("merge_matures_at", Kind::At),
        ("merge_explanation", Kind::Text),
    ]);
    for (pull_request_id, [opening, merge]) in changed {
        let [a, b, c, d] = cells(*opening);
        let [e, f, g, h] = cells(*merge);
        rows.push([(*pull_request_id).into(), a, b, c, d, e, f, g, h]);
    }
    rows
}

/// Finds pull requests with a matured part.
pub(crate) async fn matured(
    db: &impl Sql,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Matured {
        pull_request_id: Uuid,
    }
    let sql = "SELECT pull_request_id FROM contributions WHERE opening_matures_at <= $1 \
               UNION SELECT pull_request_id FROM contributions WHERE merge_matures_at <= $1 LIMIT $2";
    let rows: Vec<Matured> = db
        .all(db.statement(sql, [now.into(), limit.into()]))
        .await?;
    Ok(rows.into_iter().map(|row| row.pull_request_id).collect())
}
