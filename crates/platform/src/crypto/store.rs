use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::db::{DbError, Rows, Sql, Tx};

/// A column that holds values of [`KeyRing::seal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedColumn {
    /// Its table, whose rows have an `id`.
    pub table: &'static str,
    /// Its name.
    pub column: &'static str,
    /// The lock that a writer takes before it seals a value: [`super::reseal`] then finds what was sealed
    /// under a former key.
    pub lock: &'static str,
}

/// A sealed value.
#[derive(FromQueryResult)]
pub(super) struct Stored {
    pub(super) id: Uuid,
    pub(super) sealed: Vec<u8>,
}

/// Sealed values behind `after`, at most `limit`, by id.
pub(super) async fn page(
    db: &impl Sql,
    SealedColumn { table, column, .. }: &SealedColumn,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Stored>, DbError> {
    let sql = format!(
        "SELECT id, {column} AS sealed FROM {table} WHERE {column} IS NOT NULL AND id > $1 \
         ORDER BY id LIMIT $2"
    );
    db.all(db.statement(&sql, [after.into(), limit.into()]))
        .await
}

/// Replaces sealed values by those of `rows`.
pub(super) async fn put(
    tx: &Tx,
    SealedColumn { table, column, .. }: &SealedColumn,
    rows: Rows<2>,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let rows = query.rows(rows, "r");
    let sql = format!("UPDATE {table} SET {column} = r.sealed FROM {rows} WHERE {table}.id = r.id");
    tx.run(query.statement(sql)).await?;
    Ok(())
}
