use std::collections::BTreeMap;

use chrono::NaiveDate;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;

use crate::rules::Length;

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
