//! Queries for confirmations of places.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{HackathonView, hackathons::HACKATHON};
use crate::{model::HackathonId, rules::confirmations::placed_before};

/// Lists the hackathons whose people confirm their places, until submissions close.
pub async fn confirming(db: &impl Sql, now: Timestamp) -> Result<Vec<HackathonView>, DbError> {
    let sql = format!(
        "SELECT {HACKATHON} FROM hackathons h WHERE h.confirm_by IS NOT NULL AND h.submission_closes_at > $1 \
         AND h.published_at IS NOT NULL AND h.canceled_at IS NULL ORDER BY h.id"
    );
    db.all(db.statement(&sql, [now.into()])).await
}

/// A person who has to confirm their place, and has not.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Unconfirmed {
    user_id: Uuid,
    /// When they got the place.
    pub since: Timestamp,
}

impl Unconfirmed {
    #[must_use]
    pub fn person(&self) -> UserId {
        self.user_id.into()
    }
}

/// Lists the people who have to confirm their place by a time, and have not.
pub async fn unconfirmed(
    db: &impl Sql,
    hackathon: HackathonId,
    confirm_by: Timestamp,
) -> Result<Vec<Unconfirmed>, DbError> {
    let sql = "SELECT a.user_id, a.status_at AS since FROM applications a WHERE a.hackathon_id = $1 \
               AND a.status IN ('auto_accepted', 'approved') AND a.confirmed_at IS NULL AND a.status_at <= $2 \
               ORDER BY a.id";
    let values = [hackathon.into(), placed_before(confirm_by).into()];
    db.all(db.statement(sql, values)).await
}
