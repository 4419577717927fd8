//! Which flags moderators were notified of.

use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{model::FlagState, rules::fair_play::FindingKind};

/// An open flag, with what moderators were notified of.
#[derive(Clone, Debug)]
pub(crate) struct OpenFlag {
    pub(crate) id: Uuid,
    pub(crate) kind: FindingKind,
    pub(crate) raised_at: Timestamp,
    /// True if moderators were notified that it was raised.
    pub(crate) is_noticed: bool,
    /// True if moderators were notified that it is late.
    pub(crate) is_late_noticed: bool,
}

/// The number of open flags that are looked at. Beyond it, the oldest are late, so that moderators are notified anyway.
const LOOKED_AT: i64 = 10_000;

/// Lists the open flags that moderators are to be notified of, now or when they are late, oldest first.
pub(crate) async fn unnoticed(db: &impl Sql) -> Result<Vec<OpenFlag>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        kind: FindingKind,
        created_at: Timestamp,
        noticed_at: Option<Timestamp>,
        late_noticed_at: Option<Timestamp>,
    }
    let sql = "SELECT id, kind, created_at, noticed_at, late_noticed_at FROM fair_play_flags \
               WHERE state = $1 AND late_noticed_at IS NULL ORDER BY created_at, id LIMIT $2";
    let values = [FlagState::Open.as_str().into(), LOOKED_AT.into()];
    let rows: Vec<Row> = db.all(db.statement(sql, values)).await?;
    let open = |row: Row| OpenFlag {
        id: row.id,
        kind: row.kind,
        raised_at: row.created_at,
        is_noticed: row.noticed_at.is_some(),
        is_late_noticed: row.late_noticed_at.is_some(),
    };
    Ok(rows.into_iter().map(open).collect())
}

/// Stores that moderators were notified of new flags and of late ones.
pub(crate) async fn mark(
    tx: &Tx,
    new: impl IntoIterator<Item = Uuid>,
    late: impl IntoIterator<Item = Uuid>,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let (rows, at) = (query.rows(ids(new), "r"), query.bind(now));
    let sql = format!(
        "UPDATE fair_play_flags SET noticed_at = {at} WHERE id IN (SELECT r.id FROM {rows})"
    );
    tx.run(query.statement(sql)).await?;
    let mut query = tx.query();
    let (rows, at) = (query.rows(ids(late), "r"), query.bind(now));
    let sql = format!(
        "UPDATE fair_play_flags SET noticed_at = coalesce(noticed_at, {at}), late_noticed_at = {at} \
         WHERE id IN (SELECT r.id FROM {rows})"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}
