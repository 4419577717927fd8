use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;

use crate::{model::RosterId, rules::imports::KnownPerson};

/// Lists the present competitors of a roster, by whom lines of a sheet are recognized.
///
/// # Errors
/// When the database fails.
pub async fn known_people(db: &impl Sql, roster: RosterId) -> Result<Vec<KnownPerson>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        first_name: String,
        last_name: String,
        grade: Option<i64>,
        email_school: Option<String>,
        email_personal: Option<String>,
    }
    let sql = "SELECT p.first_name, p.last_name, p.grade, p.email_school, p.email_personal FROM competitors p \
               WHERE p.roster_id = $1 AND p.left_at IS NULL AND p.erased_at IS NULL ORDER BY p.id";
    let rows: Vec<Row> = db.all(db.statement(sql, [roster.into()])).await?;
    let person = |row: Row| KnownPerson {
        name: format!("{} {}", row.first_name, row.last_name).trim().to_owned(),
        grade: row.grade,
        addresses: [row.email_school, row.email_personal].into_iter().flatten().collect(),
    };
    Ok(rows.into_iter().map(person).collect())
}
