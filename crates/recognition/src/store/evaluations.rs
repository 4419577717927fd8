//! Evaluations of everyone's badges, in batches.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// An evaluation of everyone's badges.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct EvaluationRow {
    pub id: Uuid,
    /// When it began.
    pub created_at: Timestamp,
    /// The wake-up that caused it.
    pub cause_id: Uuid,
    /// The last person who was evaluated.
    pub after_id: Option<Uuid>,
    /// The number of people that the evaluation before counted, because counting them would read them all.
    pub people: i64,
    /// The number of people who were evaluated.
    pub evaluated: i64,
    /// The number of badges awarded.
    pub awarded: i64,
    /// The number of badges revoked.
    pub revoked: i64,
    pub completed_at: Option<Timestamp>,
}

const EVALUATION: &str = "id, created_at, cause_id, after_id, people, evaluated, awarded, revoked, \
                          completed_at";

/// Returns the evaluation that a wake-up caused.
pub(crate) async fn of_cause(tx: &Tx, cause: Uuid) -> Result<Option<EvaluationRow>, DbError> {
    let sql = format!("SELECT {EVALUATION} FROM badge_evaluations WHERE cause_id = $1");
    tx.one(tx.statement(&sql, [cause.into()])).await
}

/// Returns the evaluation that began last.
pub(crate) async fn last(db: &impl Sql) -> Result<Option<EvaluationRow>, DbError> {
    let sql = format!("SELECT {EVALUATION} FROM badge_evaluations ORDER BY id DESC LIMIT 1");
    db.one(db.statement(&sql, [])).await
}

/// Begins an evaluation, in place of those before.
pub(crate) async fn begin(
    tx: &Tx,
    id: Uuid,
    cause: Uuid,
    people: i64,
    now: Timestamp,
) -> Result<EvaluationRow, DbError> {
    tx.run(tx.statement("DELETE FROM badge_evaluations", [])).await?;
    let sql = "INSERT INTO badge_evaluations (id, created_at, cause_id, people) \
               VALUES ($1, $2, $3, $4)";
    let values = [id.into(), now.into(), cause.into(), people.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(EvaluationRow {
        id,
        created_at: now,
        cause_id: cause,
        after_id: None,
        people,
        evaluated: 0,
        awarded: 0,
        revoked: 0,
        completed_at: None,
    })
}

/// Adds a batch, whose last person is `after`.
pub(crate) async fn advance(
    tx: &Tx,
    id: Uuid,
    after: UserId,
    (evaluated, awarded, revoked): (i64, i64, i64),
) -> Result<(), DbError> {
    let sql = "UPDATE badge_evaluations SET after_id = $2, evaluated = evaluated + $3, \
               awarded = awarded + $4, revoked = revoked + $5 WHERE id = $1";
    let values = [id.into(), after.into(), evaluated.into(), awarded.into(), revoked.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Completes an evaluation, whose last step awarded badges.
pub(crate) async fn complete(
    tx: &Tx,
    id: Uuid,
    awarded: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql =
        "UPDATE badge_evaluations SET completed_at = $2, awarded = awarded + $3 WHERE id = $1";
    tx.run(tx.statement(sql, [id.into(), now.into(), awarded.into()])).await?;
    Ok(())
}
