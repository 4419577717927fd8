use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;

use crate::{
    model::{ClaimStatus, PullOutcome},
    rules::outcomes::{ClaimOutcome, Outcomes},
};

#[derive(FromQueryResult)]
struct Row {
    status: ClaimStatus,
    outcome: Option<String>,
    ended_at: Option<Timestamp>,
    language: Option<String>,
    hours: Option<i64>,
    difficulty: Option<i64>,
    learning: Option<i64>,
}

/// Sums up what came of all claims of a person.
///
/// # Errors
/// When the database fails.
pub async fn outcomes(db: &impl Sql, person: UserId) -> Result<Outcomes, DbError> {
    let sql = "SELECT c.status, c.outcome, c.ended_at, o.language, c.hours, c.difficulty, c.learning \
               FROM opportunity_claims c JOIN opportunities o ON o.id = c.opportunity_id WHERE c.user_id = $1";
    let rows: Vec<Row> = db.all(db.statement(sql, [person.into()])).await?;
    let claims = rows.into_iter().map(|row| ClaimOutcome {
        status: row.status,
        is_merged: row.outcome.map(|outcome| outcome == PullOutcome::Merged.as_str()),
        ended_at: row.ended_at,
        language: row.language,
        hours: row.hours,
        difficulty: row.difficulty,
        learning: row.learning,
    });
    Ok(Outcomes::of(&claims.collect::<Vec<_>>()))
}
