use chrono::NaiveDate;
use kernel::Month;
use platform::db::{DbError, Sql, Tx};
use sea_orm::FromQueryResult;

/// The sizes on the days of a month that were measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub(crate) struct MeanSizes {
    /// The mean size of the database; absent if no day was measured.
    pub(crate) database_bytes: Option<i64>,
    /// The mean size of other files.
    pub(crate) disk_bytes: Option<i64>,
}

/// Stores the sizes of a day. The last ones of the day stay.
pub(crate) async fn save(
    tx: &Tx,
    day: NaiveDate,
    database_bytes: i64,
    disk_bytes: i64,
) -> Result<(), DbError> {
    let sql = "INSERT INTO storage_days (day, database_bytes, disk_bytes) VALUES ($1, $2, $3) \
               ON CONFLICT (day) DO UPDATE SET database_bytes = excluded.database_bytes, \
               disk_bytes = excluded.disk_bytes";
    let values = [day.to_string().into(), database_bytes.into(), disk_bytes.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Returns the mean sizes of a month.
pub(crate) async fn of_month(db: &impl Sql, month: Month) -> Result<MeanSizes, DbError> {
    let sql = "SELECT CAST(avg(database_bytes) AS BIGINT) AS database_bytes, \
               CAST(avg(disk_bytes) AS BIGINT) AS disk_bytes FROM storage_days WHERE day >= $1 AND day < $2";
    let values = [format!("{month}-01").into(), format!("{}-01", month.next()).into()];
    let found = db.one(db.statement(sql, values)).await?;
    Ok(found.unwrap_or_default())
}

/// Removes the sizes of days before one. Returns their number.
pub(crate) async fn forget(tx: &Tx, before: NaiveDate) -> Result<u64, DbError> {
    let sql = "DELETE FROM storage_days WHERE day < $1";
    tx.run(tx.statement(sql, [before.to_string().into()])).await
}
