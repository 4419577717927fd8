//! Statements for enrollments: a competitor is on one roster of a school year. While the year lasts, the row says only that; when
//! it ends, the row keeps the competitor and their results as they are then.

use kernel::Timestamp;
use platform::db::{DbError, Kind, Rows, Sql, Tx, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{CompetitorId, RosterId};

/// Returns the year in which the school year of a roster `r` begins.
const YEAR: &str = "CAST(substr(r.school_year, 1, 4) AS bigint)";

/// Enrolls competitors, each with the ID of the new row, and ends their present enrollments. Returns whether all are enrolled:
/// another roster may have kept the same school year of one of them.
pub(crate) async fn enroll(
    tx: &Tx,
    roster: RosterId,
    competitors: &[(Uuid, CompetitorId)],
    now: Timestamp,
) -> Result<bool, DbError> {
    let own: Vec<CompetitorId> = competitors.iter().map(|(_, competitor)| *competitor).collect();
    end(tx, own).await?;
    let mut rows = Rows::new([("id", Kind::Uuid), ("competitor_id", Kind::Uuid)]);
    for (id, competitor) in competitors {
        rows.push([(*id).into(), (*competitor).into()]);
    }
    let mut query = tx.query();
    let (rows, roster, now) = (query.rows(rows, "w"), query.bind(roster), query.bind(now));
    let sql = format!(
        "INSERT INTO ctf_enrollments (id, created_at, roster_id, competitor_id, year) \
         SELECT w.id, {now}, r.id, w.competitor_id, {YEAR} FROM {rows} CROSS JOIN rosters r WHERE r.id = {roster} \
         ON CONFLICT DO NOTHING"
    );
    let inserted = tx.run(query.statement(sql)).await?;
    Ok(usize::try_from(inserted) == Ok(competitors.len()))
}

/// Ends the present enrollments of competitors. Years that are over stay.
pub(crate) async fn end(
    tx: &Tx,
    competitors: impl IntoIterator<Item = CompetitorId>,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let rows = query.rows(ids(competitors), "r");
    let sql = format!(
        "DELETE FROM ctf_enrollments WHERE kept_at IS NULL AND competitor_id IN (SELECT r.id FROM {rows})"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// A competitor as an ended school year keeps them.
#[derive(Clone, Debug)]
pub(crate) struct NewYearRow {
    pub(crate) id: Uuid,
    pub(crate) competitor: Uuid,
    pub(crate) grade: Option<i64>,
    /// The record, as JSON.
    pub(crate) kept: String,
}

/// Ends the enrollments on a roster, and keeps those of `years`.
pub(crate) async fn keep(
    tx: &Tx,
    roster: RosterId,
    years: Vec<NewYearRow>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "DELETE FROM ctf_enrollments WHERE roster_id = $1 AND kept_at IS NULL";
    tx.run(tx.statement(sql, [roster.into()])).await?;
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("competitor_id", Kind::Uuid),
        ("grade", Kind::Int),
        ("kept", Kind::Text),
    ]);
    for year in years {
        rows.push([year.id.into(), year.competitor.into(), year.grade.into(), year.kept.into()]);
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let (rows, roster, now) = (query.rows(rows, "w"), query.bind(roster), query.bind(now));
    let sql = format!(
        "INSERT INTO ctf_enrollments (id, created_at, roster_id, competitor_id, year, grade, kept, kept_at) \
         SELECT w.id, {now}, r.id, w.competitor_id, {YEAR}, w.grade, w.kept, {now} \
         FROM {rows} CROSS JOIN rosters r WHERE r.id = {roster} ON CONFLICT DO NOTHING"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// A kept enrollment on a roster, and where the competitor is now.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct KeptRow {
    pub(crate) id: Uuid,
    pub(crate) competitor_id: Uuid,
    /// The grade in that year.
    pub(crate) grade: Option<i64>,
    /// The grade now.
    pub(crate) present_grade: Option<i64>,
    /// The roster on which the competitor is now.
    pub(crate) roster_id: Uuid,
    pub(crate) left_at: Option<Timestamp>,
    pub(crate) erased_at: Option<Timestamp>,
}

/// Lists the kept enrollments on a roster.
pub(crate) async fn kept(db: &impl Sql, roster: RosterId) -> Result<Vec<KeptRow>, DbError> {
    let sql = "SELECT n.id, n.competitor_id, n.grade, p.grade AS present_grade, p.roster_id, p.left_at, p.erased_at \
               FROM ctf_enrollments n JOIN competitors p ON p.id = n.competitor_id \
               WHERE n.roster_id = $1 AND n.kept_at IS NOT NULL ORDER BY n.competitor_id";
    db.all(db.statement(sql, [roster.into()])).await
}

/// Deletes enrollments.
pub(crate) async fn delete(tx: &Tx, rows: impl IntoIterator<Item = Uuid>) -> Result<(), DbError> {
    let mut query = tx.query();
    let rows = query.rows(ids(rows), "r");
    let sql = format!("DELETE FROM ctf_enrollments WHERE id IN (SELECT r.id FROM {rows})");
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// The record that a year keeps of a competitor, as JSON.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct KeptText {
    pub(crate) id: Uuid,
    pub(crate) kept: String,
}

/// Lists what the years of a competitor keep.
pub(crate) async fn of_competitor(
    db: &impl Sql,
    competitor: CompetitorId,
) -> Result<Vec<KeptText>, DbError> {
    let sql = "SELECT id, kept FROM ctf_enrollments WHERE competitor_id = $1 AND kept IS NOT NULL \
               ORDER BY id";
    db.all(db.statement(sql, [competitor.into()])).await
}

/// Replaces what a year keeps of an erased competitor.
pub(crate) async fn erase(tx: &Tx, id: Uuid, kept: &str) -> Result<(), DbError> {
    let sql = "UPDATE ctf_enrollments SET kept = $1, grade = NULL WHERE id = $2";
    tx.run(tx.statement(sql, [kept.into(), id.into()])).await?;
    Ok(())
}

/// Counts the competitors on a roster of whom another roster has the school year that begins in `year`.
pub(crate) async fn taken(db: &impl Sql, roster: RosterId, year: i64) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM ctf_enrollments n JOIN ctf_enrollments o ON o.competitor_id = n.competitor_id \
               WHERE n.roster_id = $1 AND o.year = $2 AND o.roster_id <> $1";
    db.count(db.statement(sql, [roster.into(), year.into()])).await
}

/// Stores the school year of a roster with its enrollments.
pub(crate) async fn set_year(tx: &Tx, roster: RosterId, year: i64) -> Result<(), DbError> {
    let sql = "UPDATE ctf_enrollments SET year = $1 WHERE roster_id = $2";
    tx.run(tx.statement(sql, [year.into(), roster.into()])).await?;
    Ok(())
}
