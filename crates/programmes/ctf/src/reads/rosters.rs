use chrono::NaiveDate;
use chrono_tz::Tz;
use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use identity::model::UserId;

use crate::{
    model::{RosterId, RosterRole},
    rules::range::{day_of, zone},
};

#[derive(Clone, Debug, FromQueryResult)]
pub struct RosterView {
    pub id: Uuid,
    pub name: String,
    pub school: String,
    /// The school year, such as `2026/27`.
    pub school_year: String,
    /// The name of the time zone.
    pub timezone: String,
    pub archived_at: Option<Timestamp>,
    /// When a coach last refreshed its scores.
    pub refreshed_at: Option<Timestamp>,
}

impl RosterView {
    /// Returns the time zone.
    #[must_use]
    pub fn zone(&self) -> Tz {
        zone(&self.timezone)
    }

    /// Returns the day of an instant where the roster is.
    #[must_use]
    pub fn day_of(&self, at: Timestamp) -> NaiveDate {
        day_of(at, self.zone())
    }

    #[must_use]
    pub fn key(&self) -> RosterId {
        self.id.into()
    }

    /// Returns whether its school year is over.
    #[must_use]
    pub fn is_archived(&self) -> bool {
        self.archived_at.is_some()
    }

    /// Returns the path of its dashboard.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/ctf/rosters/{}", self.id)
    }
}

const ROSTER: &str =
    "r.id, r.name, r.school, r.school_year, r.timezone, r.archived_at, r.refreshed_at";

/// Finds a roster.
pub async fn roster(db: &impl Sql, id: RosterId) -> Result<Option<RosterView>, DbError> {
    let sql = format!("SELECT {ROSTER} FROM rosters r WHERE r.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Returns whether there is any roster, also of a school year that is over.
pub async fn has_roster(db: &impl Sql) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM rosters LIMIT 1) AS found";
    Ok(db.count(db.statement(sql, [])).await? > 0)
}

/// Finds the roster that continues one whose school year is over.
pub async fn next_roster(db: &impl Sql, former: RosterId) -> Result<Option<RosterView>, DbError> {
    let sql = format!("SELECT {ROSTER} FROM rosters r WHERE r.former_id = $1");
    db.one(db.statement(&sql, [former.into()])).await
}

/// Returns the role of a person on a roster; `None` unless they are an approved coach of it.
pub async fn roster_role(
    db: &impl Sql,
    roster: RosterId,
    person: UserId,
) -> Result<Option<RosterRole>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        role: RosterRole,
    }
    let sql = "SELECT s.role FROM coaches c JOIN roster_coaches s ON s.coach_id = c.id \
               WHERE c.user_id = $1 AND c.approved AND s.roster_id = $2";
    let row: Option<Row> = db.one(db.statement(sql, [person.into(), roster.into()])).await?;
    Ok(row.map(|row| row.role))
}

/// A roster of a person, with its number of competitors.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OwnRoster {
    pub id: Uuid,
    pub name: String,
    pub school: String,
    pub school_year: String,
    pub archived_at: Option<Timestamp>,
    /// The stored role of the person.
    pub role: RosterRole,
    /// The number of competitors who have not left, or of those whom an archived year keeps.
    pub competitors: i64,
    /// The number of those whom a coach has not confirmed.
    pub pending: i64,
}

impl OwnRoster {
    /// Returns the role in words.
    #[must_use]
    pub fn role(&self) -> &'static str {
        self.role.heading()
    }
}

/// Lists the rosters of an approved coach, those of the present first, then by name.
pub async fn own_rosters(db: &impl Sql, person: UserId) -> Result<Vec<OwnRoster>, DbError> {
    let sql = "SELECT r.id, r.name, r.school, r.school_year, r.archived_at, s.role, \
               CASE WHEN r.archived_at IS NULL THEN \
               (SELECT count(*) FROM competitors p WHERE p.roster_id = r.id AND p.left_at IS NULL \
               AND p.erased_at IS NULL) ELSE \
               (SELECT count(*) FROM ctf_enrollments n WHERE n.roster_id = r.id AND n.kept_at IS NOT NULL) \
               END AS competitors, \
               (SELECT count(*) FROM competitors p WHERE p.roster_id = r.id AND p.left_at IS NULL \
               AND p.erased_at IS NULL AND p.confirmed_at IS NULL AND r.archived_at IS NULL) AS pending \
               FROM coaches c JOIN roster_coaches s ON s.coach_id = c.id \
               JOIN rosters r ON r.id = s.roster_id WHERE c.user_id = $1 AND c.approved \
               ORDER BY r.archived_at IS NOT NULL, r.school_year DESC, r.name, r.id";
    db.all(db.statement(sql, [person.into()])).await
}

/// A competitor who can continue in another school year.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ContinuingCompetitor {
    pub id: Uuid,
    pub first_name: String,
    pub last_name: String,
    pub grade: Option<i64>,
}

/// Lists the competitors of a roster who have not left, by name.
pub async fn continuing(
    db: &impl Sql,
    roster: RosterId,
) -> Result<Vec<ContinuingCompetitor>, DbError> {
    let sql = "SELECT p.id, p.first_name, p.last_name, p.grade FROM competitors p \
               WHERE p.roster_id = $1 AND p.left_at IS NULL AND p.erased_at IS NULL \
               ORDER BY p.last_name, p.first_name, p.id";
    db.all(db.statement(sql, [roster.into()])).await
}
