use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use platform::{
    Context,
    db::{DbError, Sql},
    telemetry::Metric,
};
use sea_orm::FromQueryResult;

use crate::rules::Length;

/// The people of the last full day.
pub(crate) const ACTIVE_PEOPLE: Metric = Metric::gauge(
    "guildhall_daily_active_people",
    "People who were seen on the last full day (UTC), with a session or a token.",
);

#[derive(FromQueryResult)]
struct Counted {
    first: String,
    number: i64,
}

/// Counts the people who were active, by the periods of a length since a day, oldest first. Each counts once in a period.
///
/// # Errors
/// When the database fails.
pub async fn active_people(
    db: &impl Sql,
    length: Length,
    since: NaiveDate,
) -> Result<Vec<(NaiveDate, i64)>, DbError> {
    let column = length.name();
    let sql = format!(
        "SELECT {column} AS first, count(DISTINCT user_id) AS number FROM person_days \
         WHERE {column} >= $1 GROUP BY {column} ORDER BY {column}"
    );
    let rows: Vec<Counted> = db.all(db.statement(&sql, [since.to_string().into()])).await?;
    let counted = |row: Counted| Some((row.first.parse().ok()?, row.number));
    Ok(rows.into_iter().filter_map(counted).collect())
}

/// Counts the people who were active since a day.
///
/// # Errors
/// When the database fails.
pub async fn active_since(db: &impl Sql, since: NaiveDate) -> Result<i64, DbError> {
    let sql = "SELECT count(DISTINCT user_id) FROM person_days WHERE day >= $1";
    db.count(db.statement(sql, [since.to_string().into()])).await
}

/// Counts the people of each month of sign-up who were active in a month, by the first days of both.
///
/// # Errors
/// When the database fails.
pub async fn active_by_sign_up(
    db: &impl Sql,
    joined_since: NaiveDate,
) -> Result<BTreeMap<(NaiveDate, NaiveDate), i64>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        joined: String,
        month: String,
        number: i64,
    }
    let sql = "SELECT joined, month, count(DISTINCT user_id) AS number FROM person_days \
               WHERE joined >= $1 GROUP BY joined, month";
    let rows: Vec<Row> = db.all(db.statement(sql, [joined_since.to_string().into()])).await?;
    let counted =
        |row: Row| Some(((row.joined.parse().ok()?, row.month.parse().ok()?), row.number));
    Ok(rows.into_iter().filter_map(counted).collect())
}

/// Returns the first day of which activity is known.
///
/// # Errors
/// When the database fails.
pub async fn active_known_since(db: &impl Sql) -> Result<Option<NaiveDate>, DbError> {
    #[derive(FromQueryResult)]
    struct First {
        day: Option<String>,
    }
    let sql = "SELECT min(day) AS day FROM person_days";
    let first: Option<First> = db.one(db.statement(sql, [])).await?;
    Ok(first.and_then(|first| first.day?.parse().ok()))
}

/// Returns the number of people of each of the last full days, the latest first, as far back as activity is known.
pub(crate) async fn people_of_days(context: &Context, days: i64) -> Result<Vec<i64>, DbError> {
    let (db, today) = (&context.db, context.now().date_naive());
    let Some(known_since) = active_known_since(db).await? else {
        return Ok(Vec::new());
    };
    let before = (1..=days).map(|days| today - TimeDelta::days(days));
    let full: Vec<NaiveDate> = before.take_while(|day| *day >= known_since).collect();
    let Some(first) = full.last() else {
        return Ok(Vec::new());
    };
    let people = active_people(db, Length::Day, *first).await?;
    let people: BTreeMap<NaiveDate, i64> = people.into_iter().collect();
    Ok(full.iter().map(|day| people.get(day).copied().unwrap_or(0)).collect())
}

/// Sets the gauge, once a full day is known.
pub(super) async fn measure(context: &Context) -> Result<(), DbError> {
    if let [people] = people_of_days(context, 1).await?[..] {
        ACTIVE_PEOPLE.set(&[], people as f64);
    }
    Ok(())
}
