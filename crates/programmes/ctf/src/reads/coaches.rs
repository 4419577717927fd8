use std::collections::HashMap;

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use ui::Who;
use uuid::Uuid;

use crate::model::{CoachId, Division, MilestoneNotices, RosterId, RosterRole};

#[derive(Clone, Debug, FromQueryResult)]
pub struct CoachView {
    pub id: Uuid,
    pub user_id: Uuid,
    /// The login, or the placeholder of a closed account.
    #[sea_orm(skip)]
    pub login: String,
    /// The person as lists show them.
    #[sea_orm(skip)]
    pub who: Who,
    pub school: String,
    /// The stored division.
    pub division: Division,
    pub region: String,
    /// True if an admin approved them; false while they are suspended, and once they are erased.
    pub approved: bool,
    pub erased_at: Option<Timestamp>,
    /// The ID on the game platform, once the platform confirmed it.
    pub game_platform_id: Option<String>,
    /// The ID of the account on the platform, which stays if an operator clears the other one.
    pub account_id: Option<String>,
    /// When the account was last compared with the platform.
    pub game_platform_synced_at: Option<Timestamp>,
    /// The message of the last failure on the platform.
    pub game_platform_sync_error: Option<String>,
    /// The number of the account at MetaCTF.
    pub metactf_user_id: Option<i64>,
    /// The name of the account at MetaCTF.
    pub metactf_username: Option<String>,
    /// The stored state of the account at MetaCTF.
    pub metactf_user_status: Option<String>,
    /// When they last signed in on the platform.
    pub last_login_at: Option<Timestamp>,
    /// The stored notices of achievements that they get.
    pub milestone_notices: MilestoneNotices,
    /// When they last opened the dashboard of a roster, to the hour.
    pub last_seen_at: Option<Timestamp>,
    /// Their rating of the dashboard, from 1 to 5.
    pub rating: Option<i64>,
    /// When they became a coach.
    pub created_at: Timestamp,
}

impl CoachView {
    #[must_use]
    pub fn key(&self) -> CoachId {
        self.id.into()
    }

    /// Returns the ID of an account that the game platform reported, also if an operator has cleared the stored one.
    #[must_use]
    pub fn platform_account(&self) -> Option<String> {
        self.game_platform_id.clone().or_else(|| self.account_id.clone())
    }

    #[must_use]
    pub fn division(&self) -> &'static str {
        self.division.heading()
    }
}

const COACH: &str = "c.id, c.user_id, c.school, c.division, c.region, c.approved, c.erased_at, c.game_platform_id, \
     c.account_id, c.game_platform_synced_at, c.game_platform_sync_error, c.metactf_user_id, c.metactf_username, \
     c.metactf_user_status, c.last_login_at, c.milestone_notices, c.last_seen_at, c.rating, c.created_at";

pub async fn coach(db: &impl Sql, id: CoachId) -> Result<Option<CoachView>, DbError> {
    let sql = format!("SELECT {COACH} FROM coaches c WHERE c.id = $1");
    let found = db.all(db.statement(&sql, [id.into()])).await?;
    Ok(named(db, found).await?.pop())
}

pub async fn coach_of(db: &impl Sql, person: UserId) -> Result<Option<CoachView>, DbError> {
    let sql = format!("SELECT {COACH} FROM coaches c WHERE c.user_id = $1");
    let found = db.all(db.statement(&sql, [person.into()])).await?;
    Ok(named(db, found).await?.pop())
}

/// Lists all coaches, in the order in which they became coaches.
pub async fn coaches(db: &impl Sql) -> Result<Vec<CoachView>, DbError> {
    let sql = format!("SELECT {COACH} FROM coaches c ORDER BY c.id");
    let found = db.all(db.statement(&sql, [])).await?;
    named(db, found).await
}

async fn named(db: &impl Sql, mut found: Vec<CoachView>) -> Result<Vec<CoachView>, DbError> {
    let people = found.iter().map(|coach| UserId::new(coach.user_id));
    let mut known = identity::reads::who(db, people).await?;
    for coach in &mut found {
        coach.who = known.remove(&UserId::new(coach.user_id)).unwrap_or_default();
        coach.login.clone_from(&coach.who.login);
    }
    Ok(found)
}

#[derive(Clone, Debug)]
pub struct RosterCoachView {
    pub coach: CoachView,
    pub role: RosterRole,
}

/// Lists the coaches of a roster, in the order in which they got it.
pub async fn roster_coaches(
    db: &impl Sql,
    roster: RosterId,
) -> Result<Vec<RosterCoachView>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        coach_id: Uuid,
        role: RosterRole,
    }
    let sql =
        "SELECT s.coach_id, s.role FROM roster_coaches s WHERE s.roster_id = $1 ORDER BY s.id";
    let rows: Vec<Row> = db.all(db.statement(sql, [roster.into()])).await?;
    let sql = format!(
        "SELECT {COACH} FROM coaches c JOIN roster_coaches s ON s.coach_id = c.id WHERE s.roster_id = $1"
    );
    let found = db.all(db.statement(&sql, [roster.into()])).await?;
    let coaches = named(db, found).await?.into_iter();
    let mut by_id: HashMap<Uuid, CoachView> = coaches.map(|coach| (coach.id, coach)).collect();
    let view =
        |row: Row| Some(RosterCoachView { coach: by_id.remove(&row.coach_id)?, role: row.role });
    Ok(rows.into_iter().filter_map(view).collect())
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct CoachedRoster {
    pub coach_id: Uuid,
    pub roster_id: Uuid,
    pub name: String,
    pub school_year: String,
}

/// Lists the rosters of all coaches that are not archived, by name.
pub async fn coached_rosters(db: &impl Sql) -> Result<Vec<CoachedRoster>, DbError> {
    let sql = "SELECT s.coach_id, r.id AS roster_id, r.name, r.school_year FROM roster_coaches s \
               JOIN rosters r ON r.id = s.roster_id WHERE r.archived_at IS NULL ORDER BY r.name, r.id";
    db.all(db.statement(sql, [])).await
}

/// Lists the rosters without an approved coach that are not archived, by name.
pub async fn rosters_without_coach(db: &impl Sql) -> Result<Vec<CoachedRoster>, DbError> {
    let sql = "SELECT r.id AS coach_id, r.id AS roster_id, r.name, r.school_year FROM rosters r \
               WHERE r.archived_at IS NULL AND NOT EXISTS (SELECT 1 FROM roster_coaches s \
               JOIN coaches c ON c.id = s.coach_id WHERE s.roster_id = r.id AND s.role = 'coach' \
               AND c.approved) ORDER BY r.name, r.id";
    db.all(db.statement(sql, [])).await
}
