use chrono::TimeDelta;
use kernel::Timestamp;
use platform::{Context, alerts::Incident, db::DbError, telemetry::Metric};

use crate::{
    rules::{COMPARED_DAYS, fewer_people},
    store::active_days as store,
};

/// The kind of alert for a day with few people.
pub(crate) const ACTIVITY: &str = "daily_active_people";

/// People of the last full day.
pub(crate) const ACTIVE_PEOPLE: Metric = Metric::gauge(
    "guildhall_daily_active_people",
    "People who were seen on the last full day (UTC), with a session or a token.",
);

/// How long the number of a day is kept.
const KEPT: TimeDelta = TimeDelta::days(366);

/// Counts the people of the day that has just ended. Returns their number.
///
/// # Errors
/// When the database fails.
pub(crate) async fn count_active(context: &Context) -> Result<i64, DbError> {
    let now = context.now();
    let people = store::seen_since(&context.db, midnight(now) - TimeDelta::days(1)).await?;
    let tx = context.begin().await?;
    store::write(&tx, &day(now, 1), people, &day(now - KEPT, 0)).await?;
    tx.commit().await?;
    Ok(people)
}

/// Returns an incident while the last full day had less than half of the people of the seven days before it.
///
/// # Errors
/// When the database fails.
pub(crate) async fn watch_activity(context: &Context) -> Result<Vec<Incident>, DbError> {
    let days = store::since(&context.db, &day(context.now(), COMPARED_DAYS)).await?;
    Ok(fewer_people(&days).into_iter().collect())
}

/// Measures the people of the last full day for a scrape.
///
/// # Errors
/// When the database fails.
pub(crate) async fn measure_activity(context: &Context) -> Result<(), DbError> {
    let days = store::since(&context.db, &day(context.now(), 1)).await?;
    if let Some(people) = days.first() {
        ACTIVE_PEOPLE.set(&[], f64::from(i32::try_from(*people).unwrap_or(i32::MAX)));
    }
    Ok(())
}

/// Returns the day (UTC) that is `before` days before that of an instant: `2026-11-01`.
fn day(at: Timestamp, before: i64) -> String {
    (at - TimeDelta::days(before)).format("%Y-%m-%d").to_string()
}

fn midnight(at: Timestamp) -> Timestamp {
    at.date_naive().and_time(chrono::NaiveTime::MIN).and_utc()
}
