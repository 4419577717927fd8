use std::collections::BTreeSet;

use kernel::{Month, Points, RepositoryId, Timestamp, UserId};
use platform::db::{DbError, Kind, Rows, Sql, Tx};
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

/// Writes what changed, and each contribution's score with it.
pub(crate) async fn write(tx: &Tx, reckoned: &[Reckoned], now: Timestamp) -> Result<(), DbError> {
    for (part, name, other) in [
        (Part::Opening, "opening", "merge"),
        (Part::Merge, "merge", "opening"),
    ] {
        let mut rows = Rows::new([
            ("pull_request_id", Kind::Uuid),
            ("points", Kind::Int),
            ("pending", Kind::Int),
            ("matures_at", Kind::At),
            ("explanation", Kind::Text),
        ]);
        for reckoned in reckoned.iter().filter(|reckoned| reckoned.part == part) {
            rows.push([
                reckoned.pull_request_id.into(),
                reckoned.points.into(),
                reckoned.pending.into(),
                reckoned.matures_at.into(),
                reckoned.explanation.as_str().into(),
            ]);
        }
        if rows.is_empty() {
            continue;
        }
        let mut query = tx.query();
        let (rows, now) = (query.rows(rows, "r"), query.bind(now));
        let sql = format!(
            "UPDATE contributions SET {name}_points = r.points, {name}_pending = r.pending, \
             {name}_matures_at = r.matures_at, {name}_explanation = r.explanation, \
             score = r.points + contributions.{other}_points, updated_at = {now} \
             FROM {rows} WHERE contributions.pull_request_id = r.pull_request_id"
        );
        tx.run(query.statement(sql)).await?;
    }
    Ok(())
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
