use kernel::Month;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;

/// The number of support tickets of a month.
#[derive(Clone, Debug, FromQueryResult)]
pub struct MonthlyTickets {
    /// The month, written `YYYY-MM`.
    pub month: String,
    pub tickets: i64,
}

impl MonthlyTickets {
    /// Returns the month with its year, in words.
    #[must_use]
    pub fn words(&self) -> String {
        let month: Result<Month, _> = self.month.parse();
        month.map_or_else(|_| self.month.clone(), ui::format::month)
    }
}

/// Lists the months for which tickets were entered, the latest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn support_tickets(db: &impl Sql, limit: i64) -> Result<Vec<MonthlyTickets>, DbError> {
    let sql = "SELECT month, tickets FROM ctf_support_tickets ORDER BY month DESC LIMIT $1";
    db.all(db.statement(sql, [limit.into()])).await
}
