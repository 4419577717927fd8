use std::collections::BTreeSet;

use sea_orm::FromQueryResult;

use crate::{
    db::{DbError, Pool},
    flags::Flag,
};

/// A step with which a new community begins. Today shows it to admins until it is done.
#[derive(Clone, Copy, Debug)]
pub struct FirstStep {
    pub title: &'static str,
    /// A sentence or two about what it leads to.
    pub says: &'static str,
    /// The label of its button.
    pub action: &'static str,
    /// The path at which it is done.
    pub address: &'static str,
    /// The flag of its program. The step is left out while that is not on for everyone.
    pub flag: Option<&'static Flag>,
    /// The table that has a row once it is done.
    pub table: &'static str,
}

/// The place of a step in the list that was asked about.
#[derive(FromQueryResult)]
struct Place {
    place: i64,
}

impl FirstStep {
    /// Returns those of these steps that are not done, with one statement.
    pub(super) async fn left(db: &Pool, steps: Vec<Self>) -> Result<Vec<Self>, DbError> {
        if steps.is_empty() {
            return Ok(steps);
        }
        let parts = steps.iter().enumerate().map(|(place, step)| {
            let table = step.table;
            format!(
                "SELECT CAST({place} AS bigint) AS place WHERE NOT EXISTS (SELECT 1 FROM {table})"
            )
        });
        let sql = parts.collect::<Vec<_>>().join(" UNION ALL ");
        let places: Vec<Place> = db.all(db.statement(&sql, [])).await?;
        let places: BTreeSet<i64> = places.into_iter().map(|found| found.place).collect();
        let left = (0..).zip(steps).filter(|(place, _)| places.contains(place));
        Ok(left.map(|(_, step)| step).collect())
    }
}
