//! The hackathons of a person, for admins.

use identity::model::UserId;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;

use crate::model::StaffRole;

/// The maximum number of hackathons.
const MOST: i64 = 30;

/// A hackathon in which a person has a part.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct HackathonOfPerson {
    /// Their role on its staff; absent for who has a place.
    pub role: Option<StaffRole>,
    pub title: String,
    pub slug: String,
}

/// Lists the hackathons on whose staff a person is, or in which they have a place, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn hackathons_of_person(
    db: &impl Sql,
    person: UserId,
) -> Result<Vec<HackathonOfPerson>, DbError> {
    let sql = "SELECT q.role, q.title, q.slug FROM (\
               SELECT o.role AS role, h.title AS title, h.slug AS slug, h.judging_closes_at AS until \
               FROM hackathon_staff o JOIN hackathons h ON h.id = o.hackathon_id \
               WHERE o.user_id = $1 AND h.canceled_at IS NULL \
               UNION ALL SELECT NULL, h.title, h.slug, h.judging_closes_at \
               FROM applications a JOIN hackathons h ON h.id = a.hackathon_id \
               WHERE a.user_id = $1 AND a.status IN ('auto_accepted', 'approved') AND h.canceled_at IS NULL) AS q \
               ORDER BY q.until DESC, q.slug LIMIT $2";
    db.all(db.statement(sql, [person.into(), MOST.into()])).await
}
