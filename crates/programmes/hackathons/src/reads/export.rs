use identity::model::UserId;
use platform::db::{DbError, Kind, Sql, own_rows};
use serde_json::{Value, json};

/// Exports a person's rows in this module: their applications with the codes of conduct that they accepted, their teams, and the
/// hackathons in whose staff they are.
pub async fn export(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    Ok(json!({
        "applications": applications(db, person).await?, "teams": teams(db, person).await?,
        "staff": staff(db, person).await?, "host": hosts(db, person).await?,
    }))
}

async fn applications(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("hackathon", Kind::Text),
        ("status", Kind::Text),
        ("status_at", Kind::At),
        ("waitlist_rank", Kind::Int),
        ("motivation", Kind::Text),
        ("skills", Kind::Text),
        ("answers", Kind::Text),
        ("conduct_version", Kind::Int),
        ("is_looking_for_team", Kind::Bool),
        ("reason", Kind::Text),
        ("created_at", Kind::At),
    ];
    let sql = "SELECT h.title AS hackathon, a.status, a.status_at, a.waitlist_rank, a.motivation, a.skills, \
               a.answers, a.conduct_version, a.is_looking_for_team, a.reason, a.created_at \
               FROM applications a JOIN hackathons h ON h.id = a.hackathon_id \
               WHERE a.user_id = $1 ORDER BY a.id";
    own_rows(db, person.0, &columns, sql).await
}

async fn teams(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("hackathon", Kind::Text),
        ("team", Kind::Text),
        ("role", Kind::Text),
        ("status", Kind::Text),
        ("joined_at", Kind::At),
        ("ended_at", Kind::At),
    ];
    let sql = "SELECT h.title AS hackathon, t.name AS team, m.role, m.status, m.created_at AS joined_at, \
               m.ended_at FROM team_members m JOIN teams t ON t.id = m.team_id \
               JOIN hackathons h ON h.id = m.hackathon_id WHERE m.user_id = $1 ORDER BY m.id";
    own_rows(db, person.0, &columns, sql).await
}

async fn staff(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("hackathon", Kind::Text),
        ("role", Kind::Text),
        ("created_at", Kind::At),
    ];
    let sql = "SELECT h.title AS hackathon, s.role, s.created_at FROM hackathon_staff s \
               JOIN hackathons h ON h.id = s.hackathon_id WHERE s.user_id = $1 ORDER BY s.id";
    own_rows(db, person.0, &columns, sql).await
}

async fn hosts(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [("created_at", Kind::At)];
    let sql = "SELECT h.created_at FROM hackathon_hosts h WHERE h.user_id = $1";
    own_rows(db, person.0, &columns, sql).await
}
