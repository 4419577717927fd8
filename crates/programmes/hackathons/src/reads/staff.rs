use identity::model::UserId;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use ui::Who;
use uuid::Uuid;

use super::hackathons::split;
use crate::model::{HackathonId, StaffRole};

/// A member of the staff of a hackathon.
#[derive(Clone, Debug)]
pub struct StaffView {
    pub user_id: Uuid,
    /// The login, or the placeholder of a closed account.
    pub login: String,
    /// The person as lists show them.
    pub who: Who,
    pub role: StaffRole,
    /// The slugs of the tracks to which a judge is limited; empty if to none.
    pub tracks: Vec<String>,
}

/// Lists the staff of a hackathon, in the order in which they joined it.
pub async fn staff(db: &impl Sql, hackathon: HackathonId) -> Result<Vec<StaffView>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
        role: StaffRole,
        tracks: String,
    }
    let sql = "SELECT s.user_id, s.role, s.tracks FROM hackathon_staff s WHERE s.hackathon_id = $1 \
               ORDER BY s.id";
    let rows: Vec<Row> = db.all(db.statement(sql, [hackathon.into()])).await?;
    let people = rows.iter().map(|row| UserId::new(row.user_id));
    let mut found = identity::reads::who(db, people).await?;
    let view = |row: Row| {
        let who = found.remove(&row.user_id.into()).unwrap_or_default();
        StaffView {
            user_id: row.user_id,
            login: who.login.clone(),
            who,
            role: row.role,
            tracks: split(&row.tracks),
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Returns the role of a person in the staff of a hackathon.
pub async fn role_in(
    db: &impl Sql,
    hackathon: HackathonId,
    person: UserId,
) -> Result<Option<StaffRole>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        role: StaffRole,
    }
    let sql = "SELECT s.role FROM hackathon_staff s WHERE s.hackathon_id = $1 AND s.user_id = $2";
    let values = [hackathon.into(), person.into()];
    let found: Option<Row> = db.one(db.statement(sql, values)).await?;
    Ok(found.map(|row| row.role))
}

/// Lists the slugs of the tracks to which a judge of a hackathon is limited; empty if to none.
pub async fn judge_tracks(
    db: &impl Sql,
    hackathon: HackathonId,
    judge: UserId,
) -> Result<Vec<String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        tracks: String,
    }
    let sql = "SELECT s.tracks FROM hackathon_staff s WHERE s.hackathon_id = $1 AND s.user_id = $2";
    let values = [hackathon.into(), judge.into()];
    let found: Option<Row> = db.one(db.statement(sql, values)).await?;
    Ok(found.map(|row| split(&row.tracks)).unwrap_or_default())
}

/// Returns whether a person may hold hackathons.
pub async fn is_host(db: &impl Sql, person: UserId) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM hackathon_hosts h WHERE h.user_id = $1";
    Ok(db.count(db.statement(sql, [person.into()])).await? > 0)
}

/// A person who may hold hackathons.
#[derive(Clone, Debug)]
pub struct HostView {
    pub user_id: Uuid,
    /// The login, or the placeholder of a closed account.
    pub login: String,
    /// The person as lists show them.
    pub who: Who,
    /// When they got the right.
    pub added_at: kernel::Timestamp,
}

/// Lists the people who may hold hackathons, in the order in which they got the right, at most 1,000.
pub async fn hosts(db: &impl Sql) -> Result<Vec<HostView>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
        created_at: kernel::Timestamp,
    }
    let sql = "SELECT h.user_id, h.created_at FROM hackathon_hosts h ORDER BY h.id LIMIT 1000";
    let rows: Vec<Row> = db.all(db.statement(sql, [])).await?;
    let people = rows.iter().map(|row| UserId::new(row.user_id));
    let mut found = identity::reads::who(db, people).await?;
    let view = |row: Row| {
        let who = found.remove(&row.user_id.into()).unwrap_or_default();
        HostView { user_id: row.user_id, login: who.login.clone(), who, added_at: row.created_at }
    };
    Ok(rows.into_iter().map(view).collect())
}
