use std::collections::HashMap;

use identity::model::UserId;
use platform::db::{DbError, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::rules::profile::shown_name;

/// Returns the names of competitors whose rosters a person coaches or assists now; those of others and of erased ones are absent.
///
/// # Errors
/// When the database fails.
pub async fn names_for(
    db: &impl Sql,
    person: UserId,
    competitors: Vec<Uuid>,
) -> Result<HashMap<Uuid, String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        first_name: String,
        last_name: String,
    }
    let mut query = db.query();
    let (person, rows) = (query.bind(person), query.rows(ids(competitors), "r"));
    let sql = format!(
        "SELECT p.id, p.first_name, p.last_name FROM {rows} JOIN competitors p ON p.id = r.id \
         WHERE p.erased_at IS NULL AND EXISTS (SELECT 1 FROM roster_coaches s JOIN coaches c ON c.id = s.coach_id \
         WHERE s.roster_id = p.roster_id AND c.user_id = {person} AND c.approved)"
    );
    let found: Vec<Row> = db.all(query.statement(sql)).await?;
    let name = |row: Row| (row.id, shown_name(&row.first_name, &row.last_name));
    Ok(found.into_iter().map(name).collect())
}
