//! Decisions that override the points of pull requests.

use std::collections::HashMap;

use github::model::PullRequestId;
use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::db::{DbError, Sql, Tx, erase_rows, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{DisputeId, OverrideKind, ScoreOverrideId},
    rules::ScoreOverride,
};

#[derive(Debug)]
pub(crate) struct NewOverride<'a> {
    pub(crate) id: ScoreOverrideId,
    pub(crate) pull: PullRequestId,
    pub(crate) decision: &'a ScoreOverride,
    pub(crate) reason: &'a str,
    pub(crate) by: Option<Uuid>,
    pub(crate) dispute: Option<DisputeId>,
}

/// Inserts an override. The caller has lifted the former one.
pub(crate) async fn insert(tx: &Tx, new: &NewOverride<'_>, now: Timestamp) -> Result<(), DbError> {
    let (points, frozen) = match new.decision {
        ScoreOverride::Freeze { awards } => (None, serde_json::to_string(awards).ok()),
        ScoreOverride::Set { points } => (Some(*points), None),
        ScoreOverride::None => (None, None),
    };
    let sql = "INSERT INTO score_overrides (id, pull_request_id, kind, points, frozen, reason, by_id, \
               dispute_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)";
    let values = [
        new.id.into(),
        new.pull.into(),
        kind_of(new.decision).as_str().into(),
        points.into(),
        frozen.into(),
        new.reason.into(),
        new.by.into(),
        new.dispute.map(|dispute| dispute.0).into(),
        now.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

pub(crate) fn kind_of(decision: &ScoreOverride) -> OverrideKind {
    match decision {
        ScoreOverride::Freeze { .. } => OverrideKind::Freeze,
        ScoreOverride::Set { .. } => OverrideKind::Set,
        ScoreOverride::None => OverrideKind::None,
    }
}

/// Lifts the override that holds for a pull request. Returns its ID, if there was one.
pub(crate) async fn lift(
    tx: &Tx,
    pull: PullRequestId,
    by: Option<Uuid>,
    reason: &str,
    now: Timestamp,
) -> Result<Option<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "UPDATE score_overrides SET lifted_at = $1, lifted_by_id = $2, lift_reason = $3, \
               updated_at = $1 WHERE pull_request_id = $4 AND lifted_at IS NULL RETURNING id";
    let values = [now.into(), by.into(), reason.into(), pull.into()];
    let row: Option<Row> = tx.one(tx.statement(sql, values)).await?;
    Ok(row.map(|row| row.id))
}

#[derive(FromQueryResult)]
struct HeldRow {
    pull_request_id: Uuid,
    kind: OverrideKind,
    points: Option<Points>,
    frozen: Option<String>,
}

impl HeldRow {
    /// Returns the decision; `None` for a kind of a newer version.
    fn read(self) -> Option<(PullRequestId, ScoreOverride)> {
        let decision = match self.kind {
            OverrideKind::Freeze => ScoreOverride::Freeze {
                awards: serde_json::from_str(self.frozen.as_deref()?).ok()?,
            },
            OverrideKind::Set => ScoreOverride::Set { points: self.points? },
            OverrideKind::None => ScoreOverride::None,
        };
        Some((self.pull_request_id.into(), decision))
    }
}

/// Returns the overrides that hold for pull requests.
pub(crate) async fn held(
    db: &impl Sql,
    pulls: impl IntoIterator<Item = PullRequestId>,
) -> Result<HashMap<PullRequestId, ScoreOverride>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(pulls), "r");
    let sql = format!(
        "SELECT o.pull_request_id, o.kind, o.points, o.frozen FROM {rows} \
         JOIN score_overrides o ON o.pull_request_id = r.id WHERE o.lifted_at IS NULL"
    );
    let rows: Vec<HeldRow> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().filter_map(HeldRow::read).collect())
}

/// Returns the IDs of the pull requests of a person whose points were ever overridden.
pub(crate) async fn overridden_of(tx: &Tx, person: UserId) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "SELECT DISTINCT o.pull_request_id AS id FROM contributions c \
               JOIN score_overrides o ON o.pull_request_id = c.pull_request_id WHERE c.author_id = $1";
    let rows: Vec<Row> = tx.all(tx.statement(sql, [person.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Erases the reasons that a person gave, and those about their pull requests.
pub(crate) async fn erase(tx: &Tx, person: UserId) -> Result<(), DbError> {
    let statements = [
        "UPDATE score_overrides SET reason = '' WHERE by_id = $1",
        "UPDATE score_overrides SET lift_reason = NULL WHERE lifted_by_id = $1",
        "UPDATE score_overrides SET reason = '', lift_reason = NULL WHERE pull_request_id IN \
         (SELECT c.pull_request_id FROM contributions c WHERE c.author_id = $1)",
    ];
    erase_rows(tx, person.0, &statements).await
}
