//! The rosters of a person, for admins.

use identity::model::UserId;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;

use crate::model::RosterRole;

/// The maximum number of rosters.
const MOST: i64 = 20;

/// A roster in which a person has a part.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct RosterOfPerson {
    /// Their role among its coaches; absent for a student.
    pub role: Option<RosterRole>,
    /// The name of the roster; empty for a student, whose roster only its coaches see.
    pub name: String,
}

/// Lists the rosters that a person coaches in this school year, and one without a name if the person is a student.
///
/// # Errors
/// When the database fails.
pub async fn rosters_of_person(
    db: &impl Sql,
    person: UserId,
) -> Result<Vec<RosterOfPerson>, DbError> {
    let sql = "SELECT q.role, q.name FROM (\
               SELECT s.role AS role, r.name AS name FROM coaches c JOIN roster_coaches s ON s.coach_id = c.id \
               JOIN rosters r ON r.id = s.roster_id WHERE c.user_id = $1 AND r.archived_at IS NULL \
               UNION ALL SELECT NULL, '' FROM competitors p JOIN rosters r ON r.id = p.roster_id \
               WHERE p.user_id = $1 AND p.left_at IS NULL AND p.erased_at IS NULL AND r.archived_at IS NULL) AS q \
               ORDER BY q.name LIMIT $2";
    db.all(db.statement(sql, [person.into(), MOST.into()])).await
}
