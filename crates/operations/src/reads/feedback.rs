use identity::model::UserId;
use platform::db::{DbError, Sql};
use uuid::Uuid;

use crate::{model::Feedback, store::feedback::FEEDBACK};

/// The most rows of a list.
const MOST: i64 = 100;

/// Returns the feedback without an answer, the earliest first, or with one, the last answered first; at most 100.
///
/// # Errors
/// When the database fails.
pub async fn feedback(db: &impl Sql, is_answered: bool) -> Result<Vec<Feedback>, DbError> {
    let (is, order) = match is_answered {
        true => ("IS NOT NULL", "answered_at DESC, id DESC"),
        false => ("IS NULL", "created_at, id"),
    };
    let sql =
        format!("SELECT {FEEDBACK} FROM feedback WHERE answered_at {is} ORDER BY {order} LIMIT $1");
    db.all(db.statement(&sql, [MOST.into()])).await
}

/// Returns the feedback from before the one with an ID, newest first: all, or that with (`true`) or without an answer.
///
/// # Errors
/// When the database fails.
pub async fn feedback_before(
    db: &impl Sql,
    is_answered: Option<bool>,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Feedback>, DbError> {
    let state = match is_answered {
        None => "",
        Some(true) => "AND answered_at IS NOT NULL ",
        Some(false) => "AND answered_at IS NULL ",
    };
    let sql =
        format!("SELECT {FEEDBACK} FROM feedback WHERE id < $1 {state}ORDER BY id DESC LIMIT $2");
    db.all(db.statement(&sql, [before.unwrap_or(Uuid::max()).into(), limit.into()])).await
}

/// Counts the feedback without an answer.
///
/// # Errors
/// When the database fails.
pub async fn open_feedback(db: &impl Sql) -> Result<i64, DbError> {
    db.count(db.statement("SELECT count(*) FROM feedback WHERE answered_at IS NULL", [])).await
}

/// Returns what a person sent, newest first; at most 100.
///
/// # Errors
/// When the database fails.
pub async fn own_feedback(db: &impl Sql, person: UserId) -> Result<Vec<Feedback>, DbError> {
    let sql = format!(
        "SELECT {FEEDBACK} FROM feedback WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2"
    );
    db.all(db.statement(&sql, [person.into(), MOST.into()])).await
}
