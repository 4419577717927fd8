use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::db::{DbError, Rows, Sql, Tx};

/// A column of values encrypted by [`KeyRing::seal`](super::KeyRing::seal).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedColumn {
    /// Its table, whose rows have an `id`.
    pub table: &'static str,
    /// Its name.
    pub column: &'static str,
    /// The data that it holds, as an operator would call it, such as `the webhook secrets of repositories`.
    pub holds: &'static str,
    /// The remedy for values whose key is lost, such as `enter them again`.
    pub replaced: &'static str,
    /// The lock that a writer must hold while it encrypts and stores a value, so that [`super::reseal`] misses no
    /// value encrypted with a former key.
    pub lock: &'static str,
}

/// An encrypted value.
#[derive(FromQueryResult)]
pub(super) struct SealedValue {
    pub(super) id: Uuid,
    pub(super) sealed: Vec<u8>,
}

/// Returns up to `limit` encrypted values after the id `after`, in order of id.
pub(super) async fn page(
    db: &impl Sql,
    SealedColumn { table, column, .. }: &SealedColumn,
    after: Uuid,
    limit: i64,
) -> Result<Vec<SealedValue>, DbError> {
    let sql = format!(
        "SELECT id, {column} AS sealed FROM {table} WHERE {column} IS NOT NULL AND id > $1 \
         ORDER BY id LIMIT $2"
    );
    db.all(db.statement(&sql, [after.into(), limit.into()])).await
}

/// Counts the encrypted values of a column.
pub(super) async fn count(
    db: &impl Sql,
    SealedColumn { table, column, .. }: &SealedColumn,
) -> Result<i64, DbError> {
    let sql = format!("SELECT count(*) FROM {table} WHERE {column} IS NOT NULL");
    db.count(db.statement(&sql, [])).await
}

/// Replaces encrypted values with those of `rows`.
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
