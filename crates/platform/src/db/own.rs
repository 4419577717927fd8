use serde_json::{Map, Value};
use uuid::Uuid;

use super::{DbError, Kind, Sql};

/// Runs a select about a person, whose id is `$1`, and returns its rows as JSON objects for the person's data
/// export.
pub async fn own_rows(
    db: &impl Sql,
    person: Uuid,
    columns: &[(&str, Kind)],
    select: &str,
) -> Result<Value, DbError> {
    let mut query = db.query();
    query.bind(person);
    let rows: Vec<Vec<Value>> = db.documents(query.documents(columns, select)).await?;
    let object = |row: Vec<Value>| {
        let named = columns.iter().map(|(name, _)| (*name).to_owned());
        Value::Object(named.zip(row).collect::<Map<_, _>>())
    };
    Ok(rows.into_iter().map(object).collect())
}

/// Runs statements that erase a person's data; `$1` is the person's id.
pub async fn erase_rows(tx: &super::Tx, person: Uuid, statements: &[&str]) -> Result<(), DbError> {
    for sql in statements {
        tx.run(tx.statement(sql, [person.into()])).await?;
    }
    Ok(())
}
