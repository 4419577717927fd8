//! Queries for reminders to submit, and to confirm a place.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{HackathonView, hackathons::HACKATHON};
use crate::{
    model::HackathonId,
    rules::{reminders::EARLIEST, submissions::deadline},
};

/// Lists the hackathons in which a reminder to submit may be due: submissions close within 30 days, or did so within 30 days, as
/// a team can have a later deadline.
pub async fn reminding(db: &impl Sql, now: Timestamp) -> Result<Vec<HackathonView>, DbError> {
    let month = chrono::TimeDelta::minutes(EARLIEST);
    let sql = format!(
        "SELECT {HACKATHON} FROM hackathons h WHERE h.submission_closes_at > $1 AND h.submission_closes_at <= $2 \
         AND h.published_at IS NOT NULL AND h.canceled_at IS NULL \
         AND h.results_published_at IS NULL ORDER BY h.id"
    );
    let values = [(now - month).into(), (now + month).into()];
    db.all(db.statement(&sql, values)).await
}

/// A person with a place who has not submitted, and neither has their team.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Unsubmitted {
    user_id: Uuid,
    /// When they got the place.
    pub since: Timestamp,
    closes_at: Option<Timestamp>,
}

impl Unsubmitted {
    #[must_use]
    pub fn deadline(&self, common: Timestamp) -> Timestamp {
        deadline(common, self.closes_at)
    }

    #[must_use]
    pub fn person(&self) -> UserId {
        self.user_id.into()
    }
}

/// Lists the people with a place at a hackathon who have not submitted, and neither has their team; among them only `person`, if
/// there is one.
pub async fn without_submission(
    db: &impl Sql,
    hackathon: HackathonId,
    person: Option<UserId>,
) -> Result<Vec<Unsubmitted>, DbError> {
    let mut query = db.query();
    let mut holds = format!("a.hackathon_id = {}", query.bind(hackathon));
    if let Some(person) = person {
        holds += &format!(" AND a.user_id = {}", query.bind(person));
    }
    let sql = format!(
        "SELECT a.user_id, a.status_at AS since, e.closes_at FROM applications a \
         LEFT JOIN team_members m ON m.hackathon_id = a.hackathon_id AND m.user_id = a.user_id \
         AND m.status = 'active' LEFT JOIN submission_extensions e ON e.hackathon_id = a.hackathon_id \
         AND (e.team_id = m.team_id OR (m.team_id IS NULL AND e.user_id = a.user_id)) \
         WHERE {holds} AND a.status IN ('auto_accepted', 'approved') \
         AND NOT EXISTS (SELECT 1 FROM submissions s WHERE s.hackathon_id = a.hackathon_id \
         AND s.version > 0 AND s.withdrawn_at IS NULL \
         AND (s.team_id = m.team_id OR (m.team_id IS NULL AND s.user_id = a.user_id))) ORDER BY a.id"
    );
    db.all(query.statement(sql)).await
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct ReminderView {
    pub hackathon_id: Uuid,
    pub user_id: Uuid,
    /// The time: the deadline, or that by which they confirm.
    pub closes_at: Timestamp,
    /// The minutes before it.
    pub minutes: i64,
}

/// Finds a reminder to submit by its ID.
pub async fn reminder(db: &impl Sql, id: Uuid) -> Result<Option<ReminderView>, DbError> {
    find(db, "submission_reminders", id).await
}

/// Finds a reminder to confirm a place by its ID.
pub async fn confirmation_reminder(
    db: &impl Sql,
    id: Uuid,
) -> Result<Option<ReminderView>, DbError> {
    find(db, "confirmation_reminders", id).await
}

async fn find(db: &impl Sql, table: &str, id: Uuid) -> Result<Option<ReminderView>, DbError> {
    let sql = format!(
        "SELECT r.hackathon_id, r.user_id, r.closes_at, r.minutes FROM {table} r WHERE r.id = $1"
    );
    db.one(db.statement(&sql, [id.into()])).await
}
