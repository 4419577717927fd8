use std::collections::BTreeMap;

use platform::{
    db::{DbError, Engine, Sql, ascii_lower},
    folded::FoldedText,
};
use sea_orm::FromQueryResult;
use ui::Who;
use uuid::Uuid;

use crate::{model::UserId, rules};

/// The maximum number of names that are compared with a misspelled one.
const CANDIDATES: i64 = 300;

/// A person whom a search finds, who is no minor.
#[derive(FromQueryResult)]
struct FoundPerson {
    login: String,
    name: Option<String>,
    picture: Option<String>,
}

impl From<FoundPerson> for Who {
    fn from(found: FoundPerson) -> Self {
        rules::shown_person(&found.login, found.name.as_deref(), found.picture, false)
    }
}

/// Lists people whose login or display name contains a text, in any case and logins as they are spelled; those with the most
/// points first. Minors are not found.
pub async fn people_named(db: &impl Sql, part: &str, limit: i64) -> Result<Vec<Who>, DbError> {
    let mut query = db.query();
    let login = query.contains(&ascii_lower("login"), &FoldedText::spelled(part));
    let name = query.contains(&ascii_lower("coalesce(name, '')"), &FoldedText::of(part));
    let limit = query.bind(limit);
    let sql = format!(
        "SELECT login, name, picture FROM users WHERE ({login} OR {name}) AND NOT is_deleted AND NOT is_minor \
         ORDER BY total_points DESC, id LIMIT {limit}"
    );
    let found: Vec<FoundPerson> = db.all(query.statement(sql)).await?;
    Ok(found.into_iter().map(Who::from).collect())
}

/// A person whom a field suggests.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct SuggestedPerson {
    pub login: String,
    /// The display name.
    pub name: Option<String>,
}

/// Lists people who signed in and whose login or display name contains a text, in any case; those with the most points first.
/// Minors are not suggested.
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
        "SELECT login, name FROM users WHERE ({login} OR {name}) AND claimed_at IS NOT NULL AND NOT is_deleted AND NOT is_minor \
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
    Ok(similar_people(db, login, limit).await?.into_iter().map(|who| who.login).collect())
}

/// Returns the people whose logins are most similar to an unknown one, best first.
pub async fn similar_people(db: &impl Sql, login: &str, limit: usize) -> Result<Vec<Who>, DbError> {
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
    let sql = format!(
        "SELECT login, name, picture FROM users WHERE NOT is_deleted AND NOT is_minor AND ({shared}) > 0 \
         ORDER BY ({shared}) DESC, id LIMIT {candidates}"
    );
    let found: Vec<FoundPerson> = db.all(query.statement(sql)).await?;
    let mut found: BTreeMap<String, FoundPerson> =
        found.into_iter().map(|person| (person.login.clone(), person)).collect();
    let logins = found.keys().cloned().collect();
    let similar = rules::most_similar(login.as_str(), logins, limit);
    Ok(similar.into_iter().filter_map(|login| found.remove(&login)).map(Who::from).collect())
}
