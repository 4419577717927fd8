use platform::{Context, db::DbError};

use crate::{
    gateway::Platforms,
    store::sync_people::{self, CompetitorCount},
    telemetry::PENDING,
};

/// Measures how many competitors are ready for the platform, but not on it. Those for whose roster the integration is off
/// are not counted.
pub(crate) async fn measure_pending(
    context: &Context,
    platforms: &Platforms,
) -> Result<i64, DbError> {
    let ready = sync_people::ready(&context.db).await?;
    let ready = in_cohort(context, platforms, ready).await?;
    let shown = u32::try_from(ready).unwrap_or(u32::MAX);
    PENDING.set(&[], f64::from(shown));
    Ok(ready)
}

/// Counts the competitors for whose roster the integration is on.
pub(crate) async fn in_cohort(
    context: &Context,
    platforms: &Platforms,
    rosters: Vec<CompetitorCount>,
) -> Result<i64, DbError> {
    if rosters.is_empty() {
        return Ok(0);
    }
    let coaches = sync_people::coaches(&context.db, None).await?;
    let is_in = |found: &CompetitorCount| {
        let subjects = coaches.subjects(found.roster_id);
        platforms.held_back(context, &subjects).is_none()
    };
    let found = rosters.into_iter().filter(is_in);
    Ok(found.map(|found| found.competitors).sum())
}
