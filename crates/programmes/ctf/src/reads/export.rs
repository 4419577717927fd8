use identity::model::UserId;
use platform::db::{DbError, Kind, Sql, own_rows};
use serde_json::{Value, json};

/// Exports a person's rows in this module: what is stored about them as a coach, their rosters, their profile and consent as a
/// competitor, their teams, what the game platform reported of them, and reports that a number about them is wrong.
pub async fn export(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    Ok(json!({
        "coach": coach(db, person).await?, "rosters": rosters(db, person).await?,
        "competitor": competitor(db, person).await?, "years": years(db, person).await?, "teams": teams(db, person).await?,
        "totals": totals(db, person).await?, "solves": solves(db, person).await?,
        "events": events(db, person).await?, "milestones": milestones(db, person).await?,
        "reported_differences": discrepancies(db, person).await?,
    }))
}

async fn coach(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("school", Kind::Text),
        ("division", Kind::Text),
        ("region", Kind::Text),
        ("approved", Kind::Bool),
        ("metactf_username", Kind::Text),
        ("metactf_user_status", Kind::Text),
        ("last_login_at", Kind::At),
        ("milestone_notices", Kind::Text),
        ("last_seen_at", Kind::At),
        ("rating", Kind::Int),
        ("rated_at", Kind::At),
        ("created_at", Kind::At),
    ];
    let sql = "SELECT c.school, c.division, c.region, c.approved, c.metactf_username, \
               c.metactf_user_status, c.last_login_at, c.milestone_notices, c.last_seen_at, c.rating, \
               c.rated_at, c.created_at FROM coaches c WHERE c.user_id = $1";
    own_rows(db, person.0, &columns, sql).await
}

async fn rosters(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("name", Kind::Text),
        ("school_year", Kind::Text),
        ("role", Kind::Text),
        ("created_at", Kind::At),
    ];
    let sql = "SELECT r.name, r.school_year, s.role, s.created_at FROM coaches c \
               JOIN roster_coaches s ON s.coach_id = c.id JOIN rosters r ON r.id = s.roster_id \
               WHERE c.user_id = $1 ORDER BY s.id";
    own_rows(db, person.0, &columns, sql).await
}

async fn competitor(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("roster", Kind::Text),
        ("first_name", Kind::Text),
        ("last_name", Kind::Text),
        ("email_personal", Kind::Text),
        ("email_school", Kind::Text),
        ("is_18_or_over", Kind::Bool),
        ("grade", Kind::Int),
        ("years_competing", Kind::Int),
        ("parent_name", Kind::Text),
        ("parent_email", Kind::Text),
        ("consent_name", Kind::Text),
        ("consent_version", Kind::Int),
        ("consented_at", Kind::At),
        ("release_signed", Kind::Bool),
        ("release_signed_on", Kind::Text),
        ("release_stated_by", Kind::Text),
        ("release_withdrawn_at", Kind::At),
        ("wants_weekly_mail", Kind::Bool),
        ("reminded_at", Kind::At),
        ("password_reset_at", Kind::At),
        ("confirmed_at", Kind::At),
        ("status", Kind::Text),
        ("game_platform_id", Kind::Text),
        ("metactf_username", Kind::Text),
        ("metactf_user_status", Kind::Text),
        ("last_login_at", Kind::At),
        ("created_at", Kind::At),
        ("left_at", Kind::At),
    ];
    let sql = "SELECT r.name AS roster, p.first_name, p.last_name, p.email_personal, p.email_school, \
               p.is_18_or_over, p.grade, p.years_competing, p.parent_name, p.parent_email, \
               p.consent_name, p.consent_version, p.consented_at, p.release_signed, p.release_signed_on, \
               p.release_stated_by, p.release_withdrawn_at, p.wants_weekly_mail, p.reminded_at, \
               p.password_reset_at, p.confirmed_at, p.status, \
               p.game_platform_id, p.metactf_username, p.metactf_user_status, p.last_login_at, \
               p.created_at, p.left_at FROM competitors p \
               JOIN rosters r ON r.id = p.roster_id WHERE p.user_id = $1";
    own_rows(db, person.0, &columns, sql).await
}

async fn years(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("roster", Kind::Text),
        ("year", Kind::Int),
        ("grade", Kind::Int),
        ("kept", Kind::Text),
        ("kept_at", Kind::At),
        ("created_at", Kind::At),
    ];
    let sql = "SELECT r.name AS roster, n.year, n.grade, n.kept, n.kept_at, n.created_at FROM competitors p \
               JOIN ctf_enrollments n ON n.competitor_id = p.id JOIN rosters r ON r.id = n.roster_id \
               WHERE p.user_id = $1 ORDER BY n.year, n.id";
    own_rows(db, person.0, &columns, sql).await
}

async fn teams(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [("name", Kind::Text), ("joined_at", Kind::At), ("left_at", Kind::At)];
    let sql = "SELECT t.name, m.created_at AS joined_at, m.left_at FROM competitors p \
               JOIN ctf_team_members m ON m.competitor_id = p.id JOIN ctf_teams t ON t.id = m.team_id \
               WHERE p.user_id = $1 ORDER BY m.id";
    own_rows(db, person.0, &columns, sql).await
}

async fn totals(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("challenges_completed", Kind::Int),
        ("monthly_ctf_challenges", Kind::Int),
        ("total_score", Kind::Int),
        ("last_activity", Kind::At),
        ("synced_at", Kind::At),
    ];
    let sql = "SELECT t.challenges_completed, t.monthly_ctf_challenges, t.total_score, t.last_activity, \
               t.synced_at FROM competitors p JOIN game_platform_stats t ON t.competitor_id = p.id \
               WHERE p.user_id = $1";
    own_rows(db, person.0, &columns, sql).await
}

async fn solves(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("challenge_id", Kind::Text),
        ("title", Kind::Text),
        ("category", Kind::Text),
        ("points", Kind::Int),
        ("source", Kind::Text),
        ("solved_at", Kind::At),
    ];
    let sql = "SELECT s.challenge_id, s.title, s.category, s.points, s.source, s.solved_at \
               FROM competitors p JOIN game_platform_challenge_solves s ON s.competitor_id = p.id \
               WHERE p.user_id = $1 ORDER BY s.solved_at, s.id";
    own_rows(db, person.0, &columns, sql).await
}

async fn events(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("name", Kind::Text),
        ("challenges_solved", Kind::Int),
        ("points_earned", Kind::Int),
        ("max_points_possible", Kind::Int),
        ("rank", Kind::Int),
        ("started_at", Kind::At),
    ];
    let sql = "SELECT e.name, e.challenges_solved, e.points_earned, e.max_points_possible, e.rank, \
               e.started_at FROM competitors p \
               JOIN game_platform_flash_ctf_events e ON e.competitor_id = p.id \
               WHERE p.user_id = $1 ORDER BY e.started_at, e.id";
    own_rows(db, person.0, &columns, sql).await
}

async fn milestones(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [("code", Kind::Text), ("created_at", Kind::At)];
    let sql = "SELECT m.code, m.created_at FROM competitors p \
               JOIN ctf_milestones m ON m.competitor_id = p.id WHERE p.user_id = $1 ORDER BY m.id";
    own_rows(db, person.0, &columns, sql).await
}

async fn discrepancies(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("reporter", Kind::Text),
        ("solves_here", Kind::Int),
        ("points_here", Kind::Int),
        ("solves_there", Kind::Int),
        ("points_there", Kind::Int),
        ("created_at", Kind::At),
        ("resolved_at", Kind::At),
    ];
    let sql = "SELECT d.reporter, d.solves_here, d.points_here, d.solves_there, d.points_there, d.created_at, \
               d.resolved_at FROM competitors p JOIN ctf_discrepancies d ON d.competitor_id = p.id \
               WHERE p.user_id = $1 ORDER BY d.id";
    own_rows(db, person.0, &columns, sql).await
}
