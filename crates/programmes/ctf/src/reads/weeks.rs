use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::competitors::{COMPETITOR, CompetitorView};
use crate::model::RosterId;

/// A roster of the present, with the last week that was sent.
#[derive(Clone, Debug, FromQueryResult)]
pub struct WeeklyRoster {
    pub id: Uuid,
    pub name: String,
    /// The name of the time zone.
    pub timezone: String,
    /// The last day of the last week that was sent, as `YYYY-MM-DD`.
    pub week_sent: Option<String>,
}

/// Lists the rosters that are not archived.
///
/// # Errors
/// When the database fails.
pub async fn weekly_rosters(db: &impl Sql) -> Result<Vec<WeeklyRoster>, DbError> {
    let sql = "SELECT r.id, r.name, r.timezone, r.week_sent FROM rosters r \
               WHERE r.archived_at IS NULL ORDER BY r.id";
    db.all(db.statement(sql, [])).await
}

/// Lists the present competitors of a roster with an account who chose the weekly email.
///
/// # Errors
/// When the database fails.
pub async fn weekly_competitors(
    db: &impl Sql,
    roster: RosterId,
) -> Result<Vec<CompetitorView>, DbError> {
    let sql = format!(
        "SELECT {COMPETITOR} FROM competitors p WHERE p.roster_id = $1 AND p.left_at IS NULL \
         AND p.erased_at IS NULL AND p.user_id IS NOT NULL AND p.wants_weekly_mail ORDER BY p.id"
    );
    db.all(db.statement(&sql, [roster.into()])).await
}
