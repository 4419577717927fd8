//! Statements for claims.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx, erase_rows};
use uuid::Uuid;

use super::opportunities::last_change;
use crate::model::{ClaimStatus, PullOutcome, Ratings};

/// Inserts a claim at the end of the queue. The caller holds the lock of opportunities.
pub(crate) async fn insert(
    tx: &Tx,
    id: Uuid,
    opportunity: Uuid,
    person: UserId,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO opportunity_claims (id, created_at, updated_at, opportunity_id, user_id, status, queued_at) \
               VALUES ($1, $2, $2, $3, $4, 'queued', $2)";
    let values = [id.into(), now.into(), opportunity.into(), person.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Makes a claim the active one of its opportunity, until an instant. The change gets the next number in the order of changes.
pub(crate) async fn activate(
    tx: &Tx,
    claim: Uuid,
    opportunity: Uuid,
    person: UserId,
    until: Timestamp,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE opportunity_claims SET status = 'active', claimed_at = $1, expires_at = $2, updated_at = $1 \
               WHERE id = $3";
    let values = [now.into(), until.into(), claim.into()];
    tx.run(tx.statement(sql, values)).await?;
    let seq = last_change(tx).await? + 1;
    let sql = "UPDATE opportunities SET status = 'claimed', claimed_by = $1, claimed_at = $2, expires_at = $3, \
               updated_at = $2, changed_seq = $4 WHERE id = $5";
    let values = [person.into(), now.into(), until.into(), seq.into(), opportunity.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Moves the end of an active claim.
pub(crate) async fn extend(
    tx: &Tx,
    claim: Uuid,
    opportunity: Uuid,
    until: Timestamp,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE opportunity_claims SET expires_at = $1, extended = $2, updated_at = $3 WHERE id = $4";
    let values = [until.into(), true.into(), now.into(), claim.into()];
    tx.run(tx.statement(sql, values)).await?;
    let sql = "UPDATE opportunities SET expires_at = $1, updated_at = $2 WHERE id = $3";
    let values = [until.into(), now.into(), opportunity.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

#[derive(Clone, Debug)]
pub(crate) struct ClaimEnd {
    pub(crate) status: ClaimStatus,
    /// Why, in words.
    pub(crate) reason: Option<String>,
    /// The pull request that completed it, by name.
    pub(crate) pull_request: Option<String>,
    pub(crate) outcome: Option<PullOutcome>,
}

/// Ends a claim. One that has ended already keeps its end's time.
pub(crate) async fn end(
    tx: &Tx,
    claim: Uuid,
    end: &ClaimEnd,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE opportunity_claims SET status = $1, end_reason = $2, pull_request = $3, outcome = $4, \
               ended_at = coalesce(ended_at, $5), updated_at = $5 WHERE id = $6";
    let values = [
        end.status.as_str().into(),
        end.reason.clone().into(),
        end.pull_request.clone().into(),
        end.outcome.map(PullOutcome::as_str).into(),
        now.into(),
        claim.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Frees an opportunity whose active claim ended. Its digest is cleared, so that its status is derived and stored again.
pub(crate) async fn free(tx: &Tx, opportunity: Uuid, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE opportunities SET status = CASE WHEN status = 'claimed' THEN 'active' ELSE status END, \
               claimed_by = NULL, claimed_at = NULL, expires_at = NULL, digest = '', updated_at = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [now.into(), opportunity.into()])).await?;
    Ok(())
}

/// Notes that the person of a claim was reminded of an end.
pub(crate) async fn note_reminded(tx: &Tx, claim: Uuid, of: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE opportunity_claims SET reminded_for = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [of.into(), claim.into()])).await?;
    Ok(())
}

/// Stores what a person states about a claim.
pub(crate) async fn rate(
    tx: &Tx,
    claim: Uuid,
    ratings: Ratings,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE opportunity_claims SET hours = $1, difficulty = $2, learning = $3, updated_at = $4 WHERE id = $5";
    let values = [
        ratings.hours.into(),
        ratings.difficulty.into(),
        ratings.learning.into(),
        now.into(),
        claim.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Removes what the claims of a person say about them.
pub(crate) async fn forget(tx: &Tx, person: UserId) -> Result<(), DbError> {
    let sql = "UPDATE opportunity_claims SET hours = NULL, difficulty = NULL, learning = NULL, pull_request = NULL, \
               outcome = NULL, end_reason = NULL WHERE user_id = $1";
    erase_rows(tx, person.0, &[sql]).await
}
