//! Statements for applications.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::check_ins;
use crate::{
    model::{ApplicationId, ApplicationStatus, HackathonId},
    rules::{
        applications::ApplicationDetails,
        confirmations::{UNCONFIRMED, placed_before},
    },
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NewStatus {
    pub(crate) status: ApplicationStatus,
    /// The rank on the waitlist; `None` for another status.
    pub(crate) rank: Option<i64>,
    /// True if an organizer approved it.
    pub(crate) is_approved: bool,
}

/// Inserts an application, or replaces the one of the same person, whose status does not change unless a new one is given.
pub(crate) async fn write(
    tx: &Tx,
    id: ApplicationId,
    hackathon: HackathonId,
    person: UserId,
    details: &ApplicationDetails,
    new: Option<NewStatus>,
    now: Timestamp,
) -> Result<(), DbError> {
    let answers = serde_json::to_string(&details.answers).unwrap_or_else(|_| "[]".to_owned());
    let sql = "INSERT INTO applications (id, created_at, updated_at, hackathon_id, user_id, status, status_at, \
               motivation, skills, answers, conduct_version, is_looking_for_team, is_approved) \
               VALUES ($1, $2, $2, $3, $4, 'pending_review', $2, $5, $6, $7, $8, $9, $10) \
               ON CONFLICT (hackathon_id, user_id) DO UPDATE SET updated_at = excluded.updated_at, \
               motivation = excluded.motivation, skills = excluded.skills, answers = excluded.answers, \
               conduct_version = excluded.conduct_version, \
               is_looking_for_team = excluded.is_looking_for_team";
    let values = [
        id.into(),
        now.into(),
        hackathon.into(),
        person.into(),
        details.motivation.as_str().into(),
        details.skills.join(",").into(),
        answers.into(),
        details.conduct_version.into(),
        details.is_looking_for_team.into(),
        false.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    match new {
        Some(new) => set_status(tx, id, new, None, None, now).await,
        None => Ok(()),
    }
}

/// Stores the status of an application, with the person who decided it and a reason for the applicant. A person without a place is not
/// checked in.
pub(crate) async fn set_status(
    tx: &Tx,
    id: ApplicationId,
    new: NewStatus,
    decided_by: Option<Uuid>,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE applications SET status = $2, status_at = $3, updated_at = $3, waitlist_rank = $4, \
               decided_by_id = $5, reason = $6, is_approved = $7, confirmed_at = NULL WHERE id = $1";
    let values = [
        id.into(),
        new.status.as_str().into(),
        now.into(),
        new.rank.into(),
        decided_by.into(),
        reason.map(str::to_owned).into(),
        new.is_approved.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    if new.status.holds_place() { Ok(()) } else { check_ins::set(tx, id, None, None).await }
}

/// Gives places to applications on the waitlist.
pub(crate) async fn promote(tx: &Tx, promoted: &[Uuid], now: Timestamp) -> Result<(), DbError> {
    let mut query = tx.query();
    let rows = query.rows(ids(promoted.iter().copied()), "r");
    let now = query.bind(now);
    let sql = format!(
        "UPDATE applications SET status = CASE WHEN is_approved THEN 'approved' ELSE 'auto_accepted' END, \
         status_at = {now}, updated_at = {now}, waitlist_rank = NULL, reason = NULL WHERE id IN (SELECT r.id FROM {rows})"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Stores that a person confirmed their place; one that is confirmed keeps its instant.
pub(crate) async fn confirm(tx: &Tx, id: ApplicationId, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE applications SET confirmed_at = $2, updated_at = $2 WHERE id = $1 AND confirmed_at IS NULL";
    tx.run(tx.statement(sql, [id.into(), now.into()])).await?;
    Ok(())
}

/// Moves the places that were not confirmed by a time to the end of the waitlist, in the order in which people got them. Returns the
/// applications.
pub(crate) async fn queue_unconfirmed(
    tx: &Tx,
    hackathon: HackathonId,
    confirm_by: Timestamp,
    last_rank: i64,
    now: Timestamp,
) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "UPDATE applications SET status = 'waitlisted', status_at = $2, updated_at = $2, \
               waitlist_rank = $3 + r.place, reason = $4 \
               FROM (SELECT a.id, row_number() OVER (ORDER BY a.status_at, a.id) AS place FROM applications a \
               WHERE a.hackathon_id = $1 AND a.status IN ('auto_accepted', 'approved') \
               AND a.confirmed_at IS NULL AND a.status_at <= $5) r WHERE applications.id = r.id \
               RETURNING applications.id";
    let values = [
        hackathon.into(),
        now.into(),
        last_rank.into(),
        UNCONFIRMED.into(),
        placed_before(confirm_by).into(),
    ];
    let rows: Vec<Row> = tx.all(tx.statement(sql, values)).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Moves the applications that wait for a review to the end of the waitlist, in the order in which people applied. Returns them.
pub(crate) async fn queue_pending(
    tx: &Tx,
    hackathon: HackathonId,
    last_rank: i64,
    now: Timestamp,
) -> Result<Vec<Uuid>, DbError> {
    let pending = "a.status = 'pending_review'";
    let moved = with(tx, hackathon, pending).await?;
    let sql = format!(
        "UPDATE applications SET status = 'waitlisted', status_at = $2, updated_at = $2, \
         waitlist_rank = $3 + r.place FROM (SELECT a.id, row_number() OVER (ORDER BY a.status_at, a.id) AS place \
         FROM applications a WHERE a.hackathon_id = $1 AND {pending}) r WHERE applications.id = r.id"
    );
    let values = [hackathon.into(), now.into(), last_rank.into()];
    tx.run(tx.statement(&sql, values)).await?;
    Ok(moved)
}

/// Takes the applications that no organizer approved from the waitlist, so that they wait for a review. Returns them.
pub(crate) async fn review_waiting(
    tx: &Tx,
    hackathon: HackathonId,
    now: Timestamp,
) -> Result<Vec<Uuid>, DbError> {
    let waiting = "a.status = 'waitlisted' AND NOT a.is_approved";
    let moved = with(tx, hackathon, waiting).await?;
    let sql = "UPDATE applications SET status = 'pending_review', status_at = $2, updated_at = $2, \
               waitlist_rank = NULL WHERE hackathon_id = $1 AND status = 'waitlisted' AND NOT is_approved";
    tx.run(tx.statement(sql, [hackathon.into(), now.into()])).await?;
    Ok(moved)
}

/// Says whether a person is looking for a team.
pub(crate) async fn set_looking(
    tx: &Tx,
    hackathon: HackathonId,
    person: UserId,
    is_looking: bool,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE applications SET is_looking_for_team = $3, updated_at = $4 \
               WHERE hackathon_id = $1 AND user_id = $2";
    let values = [hackathon.into(), person.into(), is_looking.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// The places of a hackathon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub(crate) struct Occupancy {
    /// The number of people who hold a place.
    pub(crate) taken: i64,
    /// The number of people on the waitlist.
    pub(crate) waiting: i64,
    /// The last rank on the waitlist; 0 without one.
    pub(crate) last_rank: i64,
}

/// Counts the places of a hackathon. The caller holds the lock of its row.
pub(crate) async fn occupancy(tx: &Tx, hackathon: HackathonId) -> Result<Occupancy, DbError> {
    let sql = "SELECT count(CASE WHEN a.status IN ('auto_accepted', 'approved') THEN 1 END) AS taken, \
               count(CASE WHEN a.status = 'waitlisted' THEN 1 END) AS waiting, \
               coalesce(max(a.waitlist_rank), 0) AS last_rank \
               FROM applications a WHERE a.hackathon_id = $1";
    let found = tx.one(tx.statement(sql, [hackathon.into()])).await?;
    Ok(found.unwrap_or(Occupancy { taken: 0, waiting: 0, last_rank: 0 }))
}

/// Lists the applications of a hackathon that are open.
pub(crate) async fn open(tx: &Tx, hackathon: HackathonId) -> Result<Vec<Uuid>, DbError> {
    with(tx, hackathon, "a.status NOT IN ('rejected', 'withdrawn')").await
}

/// Lists the applications of a hackathon that fulfill a condition.
async fn with(tx: &Tx, hackathon: HackathonId, condition: &str) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = format!(
        "SELECT a.id FROM applications a WHERE a.hackathon_id = $1 AND {condition} ORDER BY a.id"
    );
    let rows: Vec<Row> = tx.all(tx.statement(&sql, [hackathon.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Removes a person's words from their applications.
pub(crate) async fn forget(tx: &Tx, person: UserId, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE applications SET motivation = '', skills = '', answers = '[]', reason = NULL, \
               is_looking_for_team = $3, updated_at = $2 WHERE user_id = $1";
    let values = [person.into(), now.into(), false.into()];
    tx.run(tx.statement(sql, values)).await?;
    let sql = "UPDATE applications SET decided_by_id = NULL WHERE decided_by_id = $1";
    tx.run(tx.statement(sql, [person.into()])).await?;
    Ok(())
}
