use platform::{
    db::{DbError, Engine, Sql, ascii_lower},
    folded::FoldedText,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{Person, UserId},
    reads::people::person_columns,
    rules,
};

/// The maximum number of names that are compared with a misspelled one.
const CANDIDATES: i64 = 300;

/// Lists people whose login contains a text, in any case and spelled as logins are; those with the most points first.
pub async fn people_named(db: &impl Sql, part: &str, limit: i64) -> Result<Vec<Person>, DbError> {
    let mut query = db.query();
    let named = query.contains(&ascii_lower("login"), &FoldedText::spelled(part));
    let (limit, columns) = (query.bind(limit), person_columns());
    let sql = format!(
        "SELECT {columns} FROM users u WHERE {named} AND NOT is_deleted AND NOT is_minor \
         ORDER BY total_points DESC, id LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// A person whom a field suggests.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct SuggestedPerson {
    pub login: String,
    /// The display name.
    pub name: Option<String>,
}

/// Lists people who signed in and whose login or display name contains a text, in any case; those with the most points first.
///
/// # Errors
/// When the database fails.
pub async fn suggested_people(
    db: &impl Sql,
    part: &str,
    limit: i64,
) -> Result<Vec<SuggestedPerson>, DbError> {
    let mut query = db.query();
    let login = query.contains(&ascii_lower("login"), &FoldedText::spelled(part));
    let name = query.contains(&ascii_lower("coalesce(name, '')"), &FoldedText::of(part));
    let limit = query.bind(limit);
    let sql = format!(
        "SELECT login, name FROM users WHERE ({login} OR {name}) AND claimed_at IS NOT NULL AND NOT is_deleted \
         ORDER BY total_points DESC, id LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// Lists the logins of the people who are most likely meant in a form, at most `limit`: those who signed in, the most points first.
///
/// # Errors
/// When the database fails.
pub async fn likely_logins(db: &impl Sql, limit: usize) -> Result<Vec<String>, DbError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found = suggested_people(db, "", limit).await?;
    Ok(found.into_iter().map(|person| person.login).collect())
}

/// Lists people whose login begins with a text, in any case and spelled as logins are, at most `limit` in no order.
///
/// # Errors
/// When the database fails.
pub async fn people_beginning(
    db: &impl Sql,
    prefix: &str,
    limit: i64,
) -> Result<Vec<UserId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let mut query = db.query();
    let prefix = FoldedText::spelled(prefix);
    let length = i64::try_from(prefix.as_str().chars().count()).unwrap_or(i64::MAX);
    let (prefix, length) = (query.bind(prefix), query.bind(length));
    let login = ascii_lower("u.login");
    let limit = query.bind(limit);
    // A range lets both engines seek in the index. PostgreSQL's order depends on the database, so it has no end there.
    let end = match db.engine() {
        Engine::Sqlite => format!(" AND {login} < {prefix} || char(1114111)"),
        Engine::Postgres => String::new(),
    };
    let sql = format!(
        "SELECT u.id FROM users u WHERE NOT u.is_deleted AND {login} >= {prefix}{end} \
         AND substr({login}, 1, CAST({length} AS integer)) = {prefix} LIMIT {limit}"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Returns the logins that are most similar to an unknown one, best first.
pub async fn similar_logins(
    db: &impl Sql,
    login: &str,
    limit: usize,
) -> Result<Vec<String>, DbError> {
    let login = FoldedText::spelled(login);
    let pieces = rules::pieces(login.as_str());
    if pieces.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = db.query();
    let shared: Vec<String> = pieces
        .into_iter()
        .map(|piece| {
            let has = query.contains(&ascii_lower("login"), &FoldedText::of(&piece));
            format!("CASE WHEN {has} THEN 1 ELSE 0 END")
        })
        .collect();
    let (shared, candidates) = (shared.join(" + "), query.bind(CANDIDATES));
    let columns = person_columns();
    let sql = format!(
        "SELECT {columns} FROM users u WHERE NOT is_deleted AND NOT is_minor AND ({shared}) > 0 \
         ORDER BY ({shared}) DESC, id LIMIT {candidates}"
    );
    let found: Vec<Person> = db.all(query.statement(sql)).await?;
    let logins = found.into_iter().map(|person| person.login).collect();
    Ok(rules::most_similar(login.as_str(), logins, limit))
}
