use std::collections::BTreeSet;

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::Notice;

/// Puts news into the inbox, unless it stands there already; gives whether it was new.
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

/// Marks one of a person's unread news read; gives whether it stands in their inbox.
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

/// Marks all of a person's news read; gives how many were not.
pub(crate) async fn read_all(tx: &Tx, person: UserId, now: Timestamp) -> Result<u64, DbError> {
    let sql = "UPDATE notifications SET read_at = $1 WHERE user_id = $2 AND read_at IS NULL";
    tx.run(tx.statement(sql, [now.into(), person.into()])).await
}

/// News that waits for a summary.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Unsent {
    pub(crate) id: Uuid,
    pub(crate) title: String,
    pub(crate) link: String,
    pub(crate) digest_at: Timestamp,
    pub(crate) read_at: Option<Timestamp>,
}

/// People whose summary is due, by at most so much news of theirs.
pub(crate) async fn due(
    db: &impl Sql,
    now: Timestamp,
    limit: i64,
) -> Result<BTreeSet<UserId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
    }
    // Not DISTINCT: SQLite would walk everybody's news by person instead of what is due.
    let sql = "SELECT user_id FROM notifications WHERE digest_at <= $1 ORDER BY digest_at LIMIT $2";
    let rows: Vec<Row> = db
        .all(db.statement(sql, [now.into(), limit.into()]))
        .await?;
    Ok(rows.into_iter().map(|row| row.user_id.into()).collect())
}

/// What a person's summary that is due holds, the oldest first.
pub(crate) async fn waiting(
    tx: &Tx,
    person: UserId,
    now: Timestamp,
) -> Result<Vec<Unsent>, DbError> {
    let sql = "SELECT id, title, link, digest_at, read_at FROM notifications \
               WHERE user_id = $1 AND digest_at <= $2 ORDER BY id";
    tx.all(tx.statement(sql, [person.into(), now.into()])).await
}

/// Notes that news waits for no summary any more.
pub(crate) async fn digested(tx: &Tx, news: &[Unsent]) -> Result<(), DbError> {
    let mut query = tx.query();
    let rows = query.rows(ids(news.iter().map(|news| news.id)), "r");
    let sql =
        format!("UPDATE notifications SET digest_at = NULL WHERE id IN (SELECT r.id FROM {rows})");
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Forgets news that was told before an instant; gives how many.
pub(crate) async fn forget(tx: &Tx, before: Timestamp) -> Result<u64, DbError> {
    let sql = "DELETE FROM notifications WHERE created_at < $1 AND digest_at IS NULL";
    tx.run(tx.statement(sql, [before.into()])).await
}
