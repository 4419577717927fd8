//! Statements for the numbers of support tickets.

use kernel::{Month, Timestamp};
use platform::db::{DbError, Sql, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// The row of a month.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub(crate) struct MonthRow {
    pub(crate) id: Uuid,
    pub(crate) tickets: i64,
}

/// Finds the row of a month.
pub(crate) async fn of_month(db: &impl Sql, month: Month) -> Result<Option<MonthRow>, DbError> {
    let sql = "SELECT id, tickets FROM ctf_support_tickets WHERE month = $1";
    db.one(db.statement(sql, [month.to_string().into()])).await
}

/// Inserts the row of a month.
pub(crate) async fn insert(
    tx: &Tx,
    id: Uuid,
    month: Month,
    tickets: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO ctf_support_tickets (id, created_at, updated_at, month, tickets) \
               VALUES ($1, $2, $2, $3, $4)";
    let values = [id.into(), now.into(), month.to_string().into(), tickets.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

pub(crate) async fn change(tx: &Tx, id: Uuid, tickets: i64, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE ctf_support_tickets SET tickets = $1, updated_at = $2 WHERE id = $3";
    tx.run(tx.statement(sql, [tickets.into(), now.into(), id.into()])).await?;
    Ok(())
}
