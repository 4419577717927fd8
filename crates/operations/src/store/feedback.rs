use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx};
use uuid::Uuid;

use crate::{model::Feedback, rules::CheckedFeedback};

/// The columns of feedback.
pub(crate) const FEEDBACK: &str =
    "id, created_at, user_id, kind, words, page, answer, answered_by_id, answered_at";

/// Returns the ID of feedback with the same words that a person sent since an instant.
pub(crate) async fn same(
    tx: &Tx,
    person: UserId,
    words: &str,
    since: Timestamp,
) -> Result<Option<Uuid>, DbError> {
    let sql = format!(
        "SELECT {FEEDBACK} FROM feedback WHERE user_id = $1 AND words = $2 AND created_at >= $3 LIMIT 1"
    );
    let found: Option<Feedback> =
        tx.one(tx.statement(&sql, [person.into(), words.into(), since.into()])).await?;
    Ok(found.map(|feedback| feedback.id))
}

/// Counts what a person sent since an instant.
pub(crate) async fn sent(tx: &Tx, person: UserId, since: Timestamp) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM feedback WHERE user_id = $1 AND created_at >= $2";
    tx.count(tx.statement(sql, [person.into(), since.into()])).await
}

/// Adds feedback.
pub(crate) async fn insert(
    tx: &Tx,
    (id, now): (Uuid, Timestamp),
    person: UserId,
    new: &CheckedFeedback,
) -> Result<(), DbError> {
    let sql = "INSERT INTO feedback (id, created_at, user_id, kind, words, page) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values = [
        id.into(),
        now.into(),
        person.into(),
        new.kind.as_str().into(),
        new.words.as_str().into(),
        new.page.clone().into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Finds feedback.
pub(crate) async fn find(db: &impl Sql, id: Uuid) -> Result<Option<Feedback>, DbError> {
    let sql = format!("SELECT {FEEDBACK} FROM feedback WHERE id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Stores the answer to feedback, unless it has one. Returns false then.
pub(crate) async fn answer(
    tx: &Tx,
    id: Uuid,
    answer: &str,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE feedback SET answer = $1, answered_by_id = $2, answered_at = $3 \
               WHERE id = $4 AND answered_at IS NULL";
    let values = [answer.into(), by.into(), now.into(), id.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}
