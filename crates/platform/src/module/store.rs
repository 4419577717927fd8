use std::collections::BTreeSet;

use sea_orm::FromQueryResult;

use super::FirstStep;
use crate::db::{DbError, Sql};

/// The place of a step in the list that was asked about.
#[derive(FromQueryResult)]
struct Place {
    place: i64,
}

/// Returns those of these first steps that are not done, with one statement.
pub(super) async fn left(db: &impl Sql, steps: Vec<FirstStep>) -> Result<Vec<FirstStep>, DbError> {
    if steps.is_empty() {
        return Ok(steps);
    }
    let parts = steps.iter().enumerate().map(|(place, step)| {
        let table = step.table;
        format!("SELECT CAST({place} AS bigint) AS place WHERE NOT EXISTS (SELECT 1 FROM {table})")
    });
    let sql = parts.collect::<Vec<_>>().join(" UNION ALL ");
    let places: Vec<Place> = db.all(db.statement(&sql, [])).await?;
    let places: BTreeSet<i64> = places.into_iter().map(|found| found.place).collect();
    let left = (0..).zip(steps).filter(|(place, _)| places.contains(place));
    Ok(left.map(|(_, step)| step).collect())
}
