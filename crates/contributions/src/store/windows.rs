use std::collections::{BTreeMap, BTreeSet};

use kernel::{Month, Points, RepositoryId, Timestamp, UserId};
use platform::db::{Cell, DbError, Kind, Rows, Sql, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::rules::Part;

/// What is settled at once: one contributor in one repository and month.
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

/// Every contribution with a part in one of the windows, once, with how many its author opened in
/// its repository in the 24 hours up to it.
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
    let within = |column: &str| {
        format!(
            "SELECT c.id FROM w JOIN contributions c ON c.author_id = w.author_id \
             AND c.repository_id = w.repository_id AND c.{column} >= w.from_at AND c.{column} < w.to_at"
        )
    };
    let sql = format!(
        "WITH w AS (SELECT r.author_id, r.repository_id, r.from_at, r.to_at FROM {set}), \
         found AS ({} UNION {}) \
         SELECT c.pull_request_id, c.project_id, c.repository_id, c.author_id, c.author_identity_id, \
         c.opening_at, c.merged_at, c.facts, c.opening_points, c.merge_points, c.opening_explanation, \
         c.merge_explanation, c.opening_matures_at, c.merge_matures_at, \
         (SELECT count(*) FROM contributions o WHERE o.author_id = c.author_id \
          AND o.repository_id = c.repository_id AND o.opened_at > c.day_before_at \
          AND (o.opened_at, o.github_id) <= (c.opened_at, c.github_id)) AS openings \
         FROM found JOIN contributions c ON c.id = found.id",
        within("opening_at"),
        within("merged_at")
    );
    tx.all(query.statement(sql)).await
}

/// What settlement says of one part of a contribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reckoned {
    pub(crate) pull_request_id: Uuid,
    pub(crate) part: Part,
    pub(crate) points: Points,
    pub(crate) pending: Points,
    pub(crate) matures_at: Option<Timestamp>,
    pub(crate) explanation: String,
}

/// Writes what changed, and each contribution's score with it. Both parts at once: whoever writes a
/// part of a row writes all of it.
pub(crate) async fn write(tx: &Tx, reckoned: &[Reckoned], now: Timestamp) -> Result<(), DbError> {
    let mut rows = Rows::new([
        ("pull_request_id", Kind::Uuid),
        ("has_opening", Kind::Bool),
        ("opening_points", Kind::Int),
        ("opening_pending", Kind::Int),
        ("opening_matures_at", Kind::At),
        ("opening_explanation", Kind::Text),
        ("has_merge", Kind::Bool),
        ("merge_points", Kind::Int),
        ("merge_pending", Kind::Int),
        ("merge_matures_at", Kind::At),
        ("merge_explanation", Kind::Text),
    ]);
    for (id, [opening, merge]) in by_pull(reckoned) {
        let [has_opening, points, pending, matures_at, explanation] = cells(opening);
        let [
            has_merge,
            merge_points,
            merge_pending,
            merge_at,
            merge_explanation,
        ] = cells(merge);
        rows.push([
            id.into(),
            has_opening,
            points,
            pending,
            matures_at,
            explanation,
            has_merge,
            merge_points,
            merge_pending,
            merge_at,
            merge_explanation,
        ]);
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let (opening, merge) = (assignments("opening"), assignments("merge"));
    let (opened, merged) = (standing("opening", "points"), standing("merge", "points"));
    let sql = format!(
        "UPDATE contributions SET {opening}, {merge}, score = {opened} + {merged}, updated_at = {now} \
         FROM {rows} WHERE contributions.pull_request_id = r.pull_request_id"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

fn by_pull(reckoned: &[Reckoned]) -> BTreeMap<Uuid, [Option<&Reckoned>; 2]> {
    let mut pulls: BTreeMap<Uuid, [Option<&Reckoned>; 2]> = BTreeMap::new();
    for reckoned in reckoned {
        let [opening, merge] = pulls.entry(reckoned.pull_request_id).or_default();
        match reckoned.part {
            Part::Opening => *opening = Some(reckoned),
            Part::Merge => *merge = Some(reckoned),
        }
    }
    pulls
}

fn cells(part: Option<&Reckoned>) -> [Cell; 5] {
    [
        part.is_some().into(),
        part.map_or(0, |part| part.points).into(),
        part.map_or(0, |part| part.pending).into(),
        part.and_then(|part| part.matures_at).into(),
        part.map(|part| part.explanation.as_str()).into(),
    ]
}

fn assignments(part: &str) -> String {
    ["points", "pending", "matures_at", "explanation"]
        .map(|column| format!("{part}_{column} = {}", standing(part, column)))
        .join(", ")
}

/// A column's value after this write: a part that was not reckoned keeps its own.
fn standing(part: &str, column: &str) -> String {
    format!("CASE WHEN r.has_{part} THEN r.{part}_{column} ELSE contributions.{part}_{column} END")
}

/// Pull requests of which a part has matured.
pub(crate) async fn matured(tx: &Tx, now: Timestamp, limit: i64) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Matured {
        pull_request_id: Uuid,
    }
    let sql = "SELECT pull_request_id FROM contributions WHERE opening_matures_at <= $1 \
               UNION SELECT pull_request_id FROM contributions WHERE merge_matures_at <= $1 LIMIT $2";
    let rows: Vec<Matured> = tx
        .all(tx.statement(sql, [now.into(), limit.into()]))
        .await?;
    Ok(rows.into_iter().map(|row| row.pull_request_id).collect())
}
