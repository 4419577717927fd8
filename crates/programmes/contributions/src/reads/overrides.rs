use github::model::PullRequestId;
use kernel::{Points, Timestamp};
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::OverrideKind;

/// An override of the points of a pull request.
#[derive(Clone, Debug)]
pub struct OverrideView {
    pub pull_request_id: Uuid,
    pub kind: OverrideKind,
    pub points: Option<Points>,
    /// The reason, which everyone can read; empty after an erasure.
    pub reason: String,
    /// The login of who decided; absent for an operator.
    pub by: Option<String>,
    /// When it was decided.
    pub at: Timestamp,
    /// The number of the dispute that led to it.
    pub dispute: Option<i64>,
    pub lifted_at: Option<Timestamp>,
    pub lift_reason: Option<String>,
}

#[derive(FromQueryResult)]
struct Row {
    pull_request_id: Uuid,
    kind: OverrideKind,
    points: Option<Points>,
    reason: String,
    by_id: Option<Uuid>,
    created_at: Timestamp,
    dispute: Option<i64>,
    lifted_at: Option<Timestamp>,
    lift_reason: Option<String>,
}

const OVERRIDE: &str = "o.pull_request_id, o.kind, o.points, o.reason, o.by_id, o.created_at, \
     d.number AS dispute, o.lifted_at, o.lift_reason \
     FROM score_overrides o LEFT JOIN disputes d ON d.id = o.dispute_id";

/// Finds the override that holds for a pull request.
pub async fn held_override(
    db: &impl Sql,
    pull: PullRequestId,
) -> Result<Option<OverrideView>, DbError> {
    let sql = format!("SELECT {OVERRIDE} WHERE o.pull_request_id = $1 AND o.lifted_at IS NULL");
    let row: Option<Row> = db.one(db.statement(&sql, [pull.into()])).await?;
    view(db, row).await
}

/// Finds an override by its ID, which may be lifted.
pub async fn override_by_id(db: &impl Sql, id: Uuid) -> Result<Option<OverrideView>, DbError> {
    let sql = format!("SELECT {OVERRIDE} WHERE o.id = $1");
    let row: Option<Row> = db.one(db.statement(&sql, [id.into()])).await?;
    view(db, row).await
}

async fn view(db: &impl Sql, row: Option<Row>) -> Result<Option<OverrideView>, DbError> {
    let Some(row) = row else {
        return Ok(None);
    };
    let by = row.by_id.map(Into::into);
    let logins = identity::reads::logins(db, by).await?;
    Ok(Some(OverrideView {
        pull_request_id: row.pull_request_id,
        kind: row.kind,
        points: row.points,
        reason: row.reason,
        by: by.and_then(|person| logins.get(&person).cloned()),
        at: row.created_at,
        dispute: row.dispute,
        lifted_at: row.lifted_at,
        lift_reason: row.lift_reason,
    }))
}
