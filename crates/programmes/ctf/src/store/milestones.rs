//! Statements for milestones.

use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Kind, Rows, Sql, Tx, ids},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{CompetitorId, RosterId},
    rules::milestones::Milestone,
};

/// Stores the milestones that a competitor reached. Those that are stored already stay as they are. Returns the number of the
/// others.
pub(crate) async fn insert(
    tx: &Tx,
    context: &Context,
    competitor: CompetitorId,
    is_imported: bool,
    reached: &[Milestone],
) -> Result<u64, DbError> {
    if reached.is_empty() {
        return Ok(0);
    }
    let mut rows = Rows::new([("id", Kind::Uuid), ("code", Kind::Text)]);
    for milestone in reached {
        rows.push([context.ids.next().into(), milestone.code().into()]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(context.now()));
    let (competitor, imported) = (query.bind(competitor), query.bind(is_imported));
    let sql = format!(
        "INSERT INTO ctf_milestones (id, created_at, competitor_id, code, is_imported) \
         SELECT r.id, {now}, {competitor}, r.code, {imported} FROM {rows} WHERE TRUE \
         ON CONFLICT (competitor_id, code) DO NOTHING"
    );
    tx.run(query.statement(sql)).await
}

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

/// Lists the rosters with milestones that no coach was notified of.
pub(crate) async fn rosters(db: &impl Sql) -> Result<Vec<Uuid>, DbError> {
    let sql = "SELECT DISTINCT p.roster_id AS id FROM ctf_milestones m \
               JOIN competitors p ON p.id = m.competitor_id WHERE m.notified_at IS NULL";
    let rows: Vec<IdRow> = db.all(db.statement(sql, [])).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// A milestone that no coach was notified of.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct OpenMilestone {
    pub(crate) id: Uuid,
    pub(crate) competitor_id: Uuid,
    pub(crate) code: Milestone,
    pub(crate) is_imported: bool,
    left_at: Option<Timestamp>,
    erased_at: Option<Timestamp>,
}

impl OpenMilestone {
    /// Returns whether coaches are notified: not of those who left.
    pub(crate) fn is_shown(&self) -> bool {
        self.left_at.is_none() && self.erased_at.is_none()
    }
}

/// Lists the milestones of a roster that no coach was notified of, by competitor.
pub(crate) async fn open(db: &impl Sql, roster: RosterId) -> Result<Vec<OpenMilestone>, DbError> {
    let sql = "SELECT m.id, m.competitor_id, m.code, m.is_imported, p.left_at, p.erased_at \
               FROM competitors p JOIN ctf_milestones m ON m.competitor_id = p.id \
               WHERE p.roster_id = $1 AND m.notified_at IS NULL ORDER BY m.competitor_id, m.id";
    db.all(db.statement(sql, [roster.into()])).await
}

/// Marks milestones as those of which coaches were notified.
pub(crate) async fn mark_notified(
    tx: &Tx,
    rows: impl IntoIterator<Item = Uuid>,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let (rows, now) = (query.rows(ids(rows), "r"), query.bind(now));
    let sql = format!(
        "UPDATE ctf_milestones SET notified_at = {now} WHERE id IN (SELECT r.id FROM {rows})"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}
