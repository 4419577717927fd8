use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx, erase_rows};

use crate::{model::CoachId, rules::rosters::CoachDetails};

/// Makes a person an approved coach; returns whether they were not a coach. A person has one row.
pub(crate) async fn insert(
    tx: &Tx,
    (id, person): (CoachId, UserId),
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
    tx.run(tx.statement(sql, [approved.into(), now.into(), id.into()]))
        .await?;
    Ok(())
}

/// Removes a person from all rosters that they coach, and what is stored about them as a coach. The row stays, because the
/// game platform refers to its ID.
pub(crate) async fn erase(tx: &Tx, person: UserId) -> Result<(), DbError> {
    let statements = [
        "DELETE FROM roster_coaches WHERE coach_id IN (SELECT id FROM coaches WHERE user_id = $1)",
        "UPDATE coaches SET school = '', region = '', approved = FALSE, metactf_username = NULL, \
         game_platform_sync_error = NULL, last_login_at = NULL WHERE user_id = $1",
    ];
    erase_rows(tx, person.0, &statements).await
}
