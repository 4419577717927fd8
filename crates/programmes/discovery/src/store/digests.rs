//! Statements for digests and notices of fitting issues.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A person whose digest is due.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct DueDigest {
    user_id: Uuid,
    pub(crate) next_digest_at: Timestamp,
    pub(crate) last_digest_at: Option<Timestamp>,
    pub(crate) ignored_digests: i64,
}

impl DueDigest {
    pub(crate) fn person(&self) -> UserId {
        self.user_id.into()
    }
}

/// Returns at most `limit` people whose digest is due, longest first.
pub(crate) async fn due(
    db: &impl Sql,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<DueDigest>, DbError> {
    let sql = "SELECT user_id, next_digest_at, last_digest_at, ignored_digests FROM discovery_preferences \
               WHERE next_digest_at <= $1 ORDER BY next_digest_at, user_id LIMIT $2";
    db.all(db.statement(sql, [now.into(), limit.into()])).await
}

/// Moves a due digest to its next time. Of transactions that do this at once, one gets true.
pub(crate) async fn take(
    tx: &Tx,
    due: &DueDigest,
    next: Option<Timestamp>,
    sent_at: Option<Timestamp>,
    ignored: i64,
) -> Result<bool, DbError> {
    let sql = "UPDATE discovery_preferences SET next_digest_at = $1, last_digest_at = $2, ignored_digests = $3 \
               WHERE user_id = $4 AND next_digest_at = $5";
    let values = [
        next.into(),
        sent_at.into(),
        ignored.into(),
        due.user_id.into(),
        due.next_digest_at.into(),
    ];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// A person who wants to know of new issues at once.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct EagerReader {
    pub(crate) id: Uuid,
    user_id: Uuid,
    /// The least worth, in thousandths of a tenth.
    pub(crate) instant_threshold: i64,
    pub(crate) most_a_day: i64,
}

impl EagerReader {
    pub(crate) fn person(&self) -> UserId {
        self.user_id.into()
    }
}

/// Returns at most `limit` people after a row who want to know at once of issues that are worth `most` thousandths.
pub(crate) async fn eager(
    db: &impl Sql,
    most: i64,
    after: Uuid,
    limit: i64,
) -> Result<Vec<EagerReader>, DbError> {
    let sql = "SELECT id, user_id, instant_threshold, most_a_day FROM discovery_preferences \
               WHERE instant_threshold * 10 <= $1 AND id > $2 ORDER BY id LIMIT $3";
    let values = [most.into(), after.into(), limit.into()];
    db.all(db.statement(sql, values)).await
}

/// Lets one transaction at a time notify a person, until it ends.
pub(crate) async fn lock(tx: &Tx, eager: &EagerReader) -> Result<(), DbError> {
    tx.lock_rows("discovery_preferences", [eager.id]).await
}

/// An opportunity with its worth in thousandths.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub(crate) struct NewOpportunity {
    pub(crate) id: Uuid,
    pub(crate) overall: i64,
}

/// Returns at most `limit` free opportunities that were first seen since an instant, the worthiest first.
pub(crate) async fn new_since(
    db: &impl Sql,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<NewOpportunity>, DbError> {
    let sql = "SELECT id, overall FROM opportunities WHERE first_seen_at >= $1 AND status = 'active' \
               ORDER BY overall DESC, id LIMIT $2";
    db.all(db.statement(sql, [since.into(), limit.into()])).await
}
