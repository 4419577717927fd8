use std::collections::BTreeSet;

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::Notice;

/// Inserts a notification, unless it exists; returns whether it is new.
pub(crate) async fn insert(
    tx: &Tx,
    id: Uuid,
    notice: &Notice<'_>,
    title: &str,
    digest_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "INSERT INTO notifications (id, user_id, kind, object_id, occurrence, title, link, \
               digest_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
               ON CONFLICT (user_id, kind, object_id, occurrence) DO NOTHING";
    let values = [
        id.into(),
        notice.user_id.into(),
        notice.kind.code.into(),
        notice.object_id.into(),
        notice.occurrence.into(),
        title.into(),
        notice.link.as_str().into(),
        digest_at.into(),
        now.into(),
    ];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Marks one of a person's notifications as read; returns whether they have it.
pub(crate) async fn read_one(
    tx: &Tx,
    person: UserId,
    id: Uuid,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE notifications SET read_at = coalesce(read_at, $1) \
               WHERE id = $2 AND user_id = $3";
    let values = [now.into(), id.into(), person.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Marks all of a person's notifications as read; returns the number that were unread.
pub(crate) async fn read_all(tx: &Tx, person: UserId, now: Timestamp) -> Result<u64, DbError> {
    let sql = "UPDATE notifications SET read_at = $1 WHERE user_id = $2 AND read_at IS NULL";
    tx.run(tx.statement(sql, [now.into(), person.into()])).await
}

/// A notification that is waiting for a digest.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct DigestEntry {
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) link: String,
    pub(crate) digest_at: Timestamp,
    pub(crate) read_at: Option<Timestamp>,
}

/// Returns people whose digest is due, from at most `limit` notifications.
pub(crate) async fn due(
    db: &impl Sql,
    now: Timestamp,
    limit: i64,
) -> Result<BTreeSet<UserId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
    }
    // DISTINCT would make SQLite scan all notifications by person, not only those that are due.
    let sql = "SELECT user_id FROM notifications WHERE digest_at <= $1 ORDER BY digest_at LIMIT $2";
    let rows: Vec<Row> = db.all(db.statement(sql, [now.into(), limit.into()])).await?;
    Ok(rows.into_iter().map(|row| row.user_id.into()).collect())
}

/// Returns the notifications for a person's due digest, oldest first.
pub(crate) async fn waiting(
    tx: &Tx,
    person: UserId,
    now: Timestamp,
) -> Result<Vec<DigestEntry>, DbError> {
    let sql = "SELECT id, kind, title, link, digest_at, read_at FROM notifications \
               WHERE user_id = $1 AND digest_at <= $2 ORDER BY id";
    tx.all(tx.statement(sql, [person.into(), now.into()])).await
}

/// Removes notifications from the digest.
pub(crate) async fn digested(tx: &Tx, news: &[DigestEntry]) -> Result<(), DbError> {
    let mut query = tx.query();
    let rows = query.rows(ids(news.iter().map(|news| news.id)), "r");
    let sql =
        format!("UPDATE notifications SET digest_at = NULL WHERE id IN (SELECT r.id FROM {rows})");
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Deletes notifications created before an instant; returns their number.
pub(crate) async fn forget(tx: &Tx, before: Timestamp) -> Result<u64, DbError> {
    let sql = "DELETE FROM notifications WHERE created_at < $1 AND digest_at IS NULL";
    tx.run(tx.statement(sql, [before.into()])).await
}
