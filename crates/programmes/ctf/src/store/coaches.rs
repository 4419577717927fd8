use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};

use crate::{
    model::{CoachId, MilestoneNotices},
    rules::rosters::CoachDetails,
};

/// Makes a person an approved coach; returns whether they were not a coach. A person has one row.
pub(crate) async fn insert(
    tx: &Tx,
    id: CoachId,
    person: UserId,
    details: &CoachDetails,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "INSERT INTO coaches (id, created_at, updated_at, user_id, school, division, region, approved) \
               VALUES ($1, $2, $2, $3, $4, $5, $6, TRUE) ON CONFLICT (user_id) DO NOTHING";
    let values = [
        id.into(),
        now.into(),
        person.into(),
        details.school.as_str().into(),
        details.division.as_str().into(),
        details.region.as_str().into(),
    ];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Approves or suspends a coach.
pub(crate) async fn set_approved(
    tx: &Tx,
    id: CoachId,
    approved: bool,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE coaches SET approved = $1, updated_at = $2 WHERE id = $3";
    tx.run(tx.statement(sql, [approved.into(), now.into(), id.into()])).await?;
    Ok(())
}

/// Removes a coach from all rosters, and what is stored about them as a coach. The row stays, because the game platform refers
/// to its ID. The caller locked the row.
pub(crate) async fn erase(tx: &Tx, id: CoachId, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE coaches SET school = '', region = '', approved = FALSE, metactf_username = NULL, \
               game_platform_sync_error = NULL, last_login_at = NULL, last_seen_at = NULL, rating = NULL, rated_at = NULL, updated_at = $1, \
               erased_at = coalesce(erased_at, $1) WHERE id = $2";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    let sql = "DELETE FROM roster_coaches WHERE coach_id = $1";
    tx.run(tx.statement(sql, [id.into()])).await?;
    Ok(())
}

/// Stores which notices of achievements a coach gets.
pub(crate) async fn set_milestone_notices(
    tx: &Tx,
    id: CoachId,
    notices: MilestoneNotices,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE coaches SET milestone_notices = $1, updated_at = $2 WHERE id = $3";
    let values = [notices.as_str().into(), now.into(), id.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Stores when a coach opened the dashboard of a roster.
pub(crate) async fn set_seen(tx: &Tx, id: CoachId, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE coaches SET last_seen_at = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    Ok(())
}

/// Stores a coach's rating of the dashboard.
pub(crate) async fn set_rating(
    tx: &Tx,
    id: CoachId,
    rating: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE coaches SET rating = $1, rated_at = $2, updated_at = $2 WHERE id = $3";
    tx.run(tx.statement(sql, [rating.into(), now.into(), id.into()])).await?;
    Ok(())
}
