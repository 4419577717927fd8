use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{Division, RosterId, TeamId, TeamStatus},
    rules::profile::shown_name,
};

#[derive(Clone, Debug, FromQueryResult)]
pub struct TeamView {
    pub id: Uuid,
    pub roster_id: Uuid,
    pub name: String,
    /// The stored division.
    pub division: Division,
    pub affiliation: String,
    /// The stored status.
    pub status: TeamStatus,
    /// The ID on the game platform, once the platform confirmed it.
    pub game_platform_id: Option<String>,
    /// When it was last sent to the platform.
    pub game_platform_synced_at: Option<Timestamp>,
    /// The message of the last failure on the platform.
    pub game_platform_sync_error: Option<String>,
}

impl TeamView {
    #[must_use]
    pub fn key(&self) -> TeamId {
        self.id.into()
    }

    #[must_use]
    pub fn division(&self) -> &'static str {
        self.division.heading()
    }

    #[must_use]
    pub fn status(&self) -> &'static str {
        self.status.heading()
    }

    /// Returns the path of its page.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/ctf/teams/{}", self.id)
    }
}

const TEAM: &str = "t.id, t.roster_id, t.name, t.division, t.affiliation, t.status, t.game_platform_id, \
     t.game_platform_synced_at, t.game_platform_sync_error";

/// Finds a team.
///
/// # Errors
/// When the database fails.
pub async fn team(db: &impl Sql, id: TeamId) -> Result<Option<TeamView>, DbError> {
    let sql = format!("SELECT {TEAM} FROM ctf_teams t WHERE t.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Finds the team of a roster with a name.
///
/// # Errors
/// When the database fails.
pub async fn team_named(
    db: &impl Sql,
    roster: RosterId,
    name: &str,
) -> Result<Option<TeamView>, DbError> {
    let sql = format!("SELECT {TEAM} FROM ctf_teams t WHERE t.roster_id = $1 AND t.name = $2");
    db.one(db.statement(&sql, [roster.into(), name.into()])).await
}

/// Lists the teams of a roster by name, at most 500.
///
/// # Errors
/// When the database fails.
pub async fn teams_of_roster(db: &impl Sql, roster: RosterId) -> Result<Vec<TeamView>, DbError> {
    let sql = format!(
        "SELECT {TEAM} FROM ctf_teams t WHERE t.roster_id = $1 ORDER BY t.name, t.id LIMIT 500"
    );
    db.all(db.statement(&sql, [roster.into()])).await
}

/// A member of a team, or a competitor without one.
#[derive(Clone, Debug, FromQueryResult)]
pub struct MemberView {
    /// The competitor.
    pub id: Uuid,
    /// The team; `None` for a competitor without one.
    pub team_id: Option<Uuid>,
    pub first_name: String,
    pub last_name: String,
    /// When the platform confirmed the membership.
    pub assigned_at: Option<Timestamp>,
    /// The ID of the competitor on the platform.
    pub game_platform_id: Option<String>,
}

impl MemberView {
    /// Returns the name as pages show it.
    #[must_use]
    pub fn name(&self) -> String {
        shown_name(&self.first_name, &self.last_name)
    }
}

/// Lists the confirmed competitors of a roster with their teams, by name.
///
/// # Errors
/// When the database fails.
pub async fn members_of_roster(
    db: &impl Sql,
    roster: RosterId,
) -> Result<Vec<MemberView>, DbError> {
    let sql = "SELECT p.id, m.team_id, p.first_name, p.last_name, m.assigned_at, p.game_platform_id \
               FROM competitors p LEFT JOIN ctf_team_members m ON m.competitor_id = p.id \
               AND m.left_at IS NULL WHERE p.roster_id = $1 AND p.left_at IS NULL \
               AND p.erased_at IS NULL AND p.confirmed_at IS NOT NULL \
               ORDER BY p.last_name, p.first_name, p.id";
    db.all(db.statement(sql, [roster.into()])).await
}
