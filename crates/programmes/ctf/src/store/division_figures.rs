//! Statements for the distribution of points by division.

use kernel::Timestamp;
use platform::{
    Context,
    db::{Cell, DbError, Kind, Rows, Sql as _, Tx},
};

use crate::rules::peers::DivisionFigures;

pub(crate) async fn replace(
    tx: &Tx,
    context: &Context,
    figures: &[DivisionFigures],
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "DELETE FROM ctf_division_figures";
    tx.run(tx.statement(sql, [])).await?;
    if figures.is_empty() {
        return Ok(());
    }
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("division", Kind::Text),
        ("days", Kind::Int),
        ("domain", Kind::Text),
        ("competitors", Kind::Int),
        ("rosters", Kind::Int),
        ("quantiles", Kind::Text),
    ]);
    for row in figures {
        let quantiles = serde_json::to_string(&row.quantiles.0).unwrap_or_default();
        rows.push([
            Cell::Uuid(context.ids.next()),
            row.division.as_str().into(),
            u32::from(row.days).into(),
            row.domain.as_str().into(),
            row.competitors.into(),
            row.rosters.into(),
            quantiles.into(),
        ]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let at = match tx.engine() {
        platform::db::Engine::Sqlite => now,
        platform::db::Engine::Postgres => format!("CAST({now} AS timestamptz)"),
    };
    let sql = format!(
        "INSERT INTO ctf_division_figures (id, created_at, division, days, domain, competitors, rosters, quantiles) \
         SELECT r.id, {at}, r.division, r.days, r.domain, r.competitors, r.rosters, r.quantiles FROM {rows}"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}
