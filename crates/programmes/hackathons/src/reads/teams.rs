use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use ui::Who;
use uuid::Uuid;

use super::hackathons::split;
use crate::model::{HackathonId, MemberStatus, TeamId, TeamRole};

#[derive(Clone, Debug, FromQueryResult)]
pub struct TeamView {
    pub id: Uuid,
    pub hackathon_id: Uuid,
    pub name: String,
    pub slug: String,
    /// The code with which people join it.
    pub invite_code: String,
    /// When it was locked, so that people cannot join it.
    pub locked_at: Option<Timestamp>,
    pub members: i64,
}

impl TeamView {
    /// Returns the typed ID.
    #[must_use]
    pub fn key(&self) -> TeamId {
        self.id.into()
    }
}

const TEAM: &str = "SELECT t.id, t.hackathon_id, t.name, t.slug, t.invite_code, t.locked_at, \
     (SELECT count(*) FROM team_members c WHERE c.team_id = t.id AND c.status = 'active') AS members \
     FROM teams t";

/// Finds a team by its ID.
pub async fn team(db: &impl Sql, id: TeamId) -> Result<Option<TeamView>, DbError> {
    let sql = format!("{TEAM} WHERE t.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Finds a team by its code.
pub async fn team_with_code(db: &impl Sql, code: &str) -> Result<Option<TeamView>, DbError> {
    let sql = format!("{TEAM} WHERE t.invite_code = $1");
    db.one(db.statement(&sql, [code.into()])).await
}

/// Finds a team of a hackathon by its slug.
pub async fn team_with_slug(
    db: &impl Sql,
    hackathon: HackathonId,
    slug: &str,
) -> Result<Option<TeamView>, DbError> {
    let sql = format!("{TEAM} WHERE t.hackathon_id = $1 AND t.slug = $2");
    let values = [hackathon.into(), slug.into()];
    db.one(db.statement(&sql, values)).await
}

/// Finds the team of a person in a hackathon, with their role.
pub async fn team_of(
    db: &impl Sql,
    hackathon: HackathonId,
    person: UserId,
) -> Result<Option<(TeamView, TeamRole)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        team_id: Uuid,
        role: TeamRole,
    }
    let sql = "SELECT m.team_id, m.role FROM team_members m WHERE m.hackathon_id = $1 AND m.user_id = $2 \
               AND m.status = 'active'";
    let values = [hackathon.into(), person.into()];
    let Some(row): Option<Row> = db.one(db.statement(sql, values)).await? else {
        return Ok(None);
    };
    Ok(team(db, row.team_id.into()).await?.map(|team| (team, row.role)))
}

/// Returns whether a team of a hackathon has a slug.
pub async fn team_slug_exists(
    db: &impl Sql,
    hackathon: HackathonId,
    slug: &str,
) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM teams t WHERE t.hackathon_id = $1 AND t.slug = $2";
    let values = [hackathon.into(), slug.into()];
    Ok(db.count(db.statement(sql, values)).await? > 0)
}

#[derive(Clone, Debug)]
pub struct MemberView {
    pub team_id: Uuid,
    pub user_id: Uuid,
    /// The login, or the placeholder of a closed account.
    pub login: String,
    /// The person as lists show them.
    pub who: Who,
    pub role: TeamRole,
}

/// Lists the active members of teams, in the order in which they joined.
pub async fn members(
    db: &impl Sql,
    teams: impl IntoIterator<Item = TeamId>,
) -> Result<Vec<MemberView>, DbError> {
    members_with(db, teams, MemberStatus::Active, "").await
}

/// Lists the active members of teams who have a place at the hackathon, in the order in which they joined.
pub(super) async fn placed_members(
    db: &impl Sql,
    teams: impl IntoIterator<Item = TeamId>,
) -> Result<Vec<MemberView>, DbError> {
    let with_place = " JOIN applications a ON a.hackathon_id = m.hackathon_id AND a.user_id = m.user_id \
                      AND a.status IN ('auto_accepted', 'approved')";
    members_with(db, teams, MemberStatus::Active, with_place).await
}

/// Lists the people who are invited to a team and have not answered, in the order in which they were.
pub async fn invited(db: &impl Sql, team: TeamId) -> Result<Vec<MemberView>, DbError> {
    members_with(db, [team], MemberStatus::Invited, "").await
}

async fn members_with(
    db: &impl Sql,
    teams: impl IntoIterator<Item = TeamId>,
    status: MemberStatus,
    join: &str,
) -> Result<Vec<MemberView>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        team_id: Uuid,
        user_id: Uuid,
        role: TeamRole,
    }
    let mut query = db.query();
    let rows = query.rows(platform::db::ids(teams), "r");
    let status = query.bind(status.as_str());
    let sql = format!(
        "SELECT m.team_id, m.user_id, m.role FROM {rows} JOIN team_members m ON m.team_id = r.id \
         AND m.status = {status}{join} ORDER BY m.id"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let people = rows.iter().map(|row| UserId::new(row.user_id));
    let found = identity::reads::who(db, people).await?;
    let view = |row: Row| {
        let who = found.get(&row.user_id.into()).cloned().unwrap_or_default();
        MemberView {
            team_id: row.team_id,
            user_id: row.user_id,
            login: who.login.clone(),
            who,
            role: row.role,
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Lists the teams of a hackathon with members after a slug, by slug.
pub async fn teams(
    db: &impl Sql,
    hackathon: HackathonId,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<TeamView>, DbError> {
    let slug = match db.engine() {
        platform::db::Engine::Sqlite => "t.slug",
        platform::db::Engine::Postgres => "t.slug COLLATE \"C\"",
    };
    let mut query = db.query();
    let (hackathon, after) = (query.bind(hackathon), query.bind(after.unwrap_or_default()));
    let limit = query.bind(limit);
    let sql = format!(
        "{TEAM} WHERE t.hackathon_id = {hackathon} AND {slug} > {after} AND EXISTS (SELECT 1 \
         FROM team_members m WHERE m.team_id = t.id AND m.status = 'active') \
         ORDER BY {slug} LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// Lists the teams of a hackathon to which a person is invited, in the order in which they were.
pub async fn invitations(
    db: &impl Sql,
    hackathon: HackathonId,
    person: UserId,
) -> Result<Vec<TeamView>, DbError> {
    let sql = format!(
        "{TEAM} JOIN team_members i ON i.team_id = t.id AND i.status = 'invited' \
         WHERE i.hackathon_id = $1 AND i.user_id = $2 ORDER BY i.id"
    );
    let values = [hackathon.into(), person.into()];
    db.all(db.statement(&sql, values)).await
}

/// An invitation that has no answer.
#[derive(Clone, Debug, FromQueryResult)]
pub struct InvitationView {
    pub hackathon_id: Uuid,
    pub team_id: Uuid,
    pub user_id: Uuid,
    /// When they were invited.
    pub created_at: Timestamp,
}

/// Finds an invitation that has no answer.
pub async fn invitation_by_id(db: &impl Sql, id: Uuid) -> Result<Option<InvitationView>, DbError> {
    let sql = "SELECT m.hackathon_id, m.team_id, m.user_id, m.created_at FROM team_members m \
               WHERE m.id = $1 AND m.status = 'invited'";
    db.one(db.statement(sql, [id.into()])).await
}

/// A person who is looking for a team.
#[derive(Clone, Debug)]
pub struct LookingView {
    pub user_id: Uuid,
    pub login: String,
    /// The person as lists show them.
    pub who: Who,
    pub skills: Vec<String>,
}

/// Lists the people with a place who are looking for a team and have none, in the order in which they applied, at most 200.
pub async fn looking_for_team(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<Vec<LookingView>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
        skills: String,
    }
    let mut query = db.query();
    let (hackathon, looking) = (query.bind(hackathon), query.bind(true));
    let sql = format!(
        "SELECT a.user_id, a.skills FROM applications a WHERE a.hackathon_id = {hackathon} \
         AND a.is_looking_for_team = {looking} AND a.status IN ('auto_accepted', 'approved') \
         AND NOT EXISTS (SELECT 1 FROM team_members m WHERE m.hackathon_id = a.hackathon_id \
         AND m.user_id = a.user_id AND m.status = 'active') ORDER BY a.id LIMIT 200"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let people = rows.iter().map(|row| UserId::new(row.user_id));
    let found = identity::reads::who(db, people).await?;
    let view = |row: Row| {
        let who = found.get(&row.user_id.into()).cloned().unwrap_or_default();
        LookingView {
            user_id: row.user_id,
            login: who.login.clone(),
            who,
            skills: split(&row.skills),
        }
    };
    Ok(rows.into_iter().map(view).collect())
}
