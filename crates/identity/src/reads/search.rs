use platform::db::{DbError, Sql};

use crate::{model::Person, reads::people::person_columns, rules};

/// The maximum number of names that are compared with a misspelled one.
const CANDIDATES: i64 = 300;

/// Lists people whose login contains a text, in any case; those with the most points first.
pub async fn people_named(db: &impl Sql, part: &str, limit: i64) -> Result<Vec<Person>, DbError> {
    let mut query = db.query();
    let part = query.bind(part);
    let named = db.engine().contains("login", &part);
    let (limit, columns) = (query.bind(limit), person_columns());
    let sql = format!(
        "SELECT {columns} FROM users u WHERE {named} AND NOT is_deleted \
         ORDER BY total_points DESC, id LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// Returns the logins that are most similar to an unknown one, best first.
pub async fn similar_logins(
    db: &impl Sql,
    login: &str,
    limit: usize,
) -> Result<Vec<String>, DbError> {
    let pieces = rules::pieces(login);
    if pieces.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = db.query();
    let shared: Vec<String> = pieces
        .into_iter()
        .map(|piece| {
            let piece = query.bind(piece);
            let has = db.engine().contains("login", &piece);
            format!("CASE WHEN {has} THEN 1 ELSE 0 END")
        })
        .collect();
    let (shared, candidates) = (shared.join(" + "), query.bind(CANDIDATES));
    let columns = person_columns();
    let sql = format!(
        "SELECT {columns} FROM users u WHERE NOT is_deleted AND ({shared}) > 0 \
         ORDER BY ({shared}) DESC, id LIMIT {candidates}"
    );
    let found: Vec<Person> = db.all(query.statement(sql)).await?;
    let logins = found.into_iter().map(|person| person.login).collect();
    Ok(rules::most_similar(login, logins, limit))
}
