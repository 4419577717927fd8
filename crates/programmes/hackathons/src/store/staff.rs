//! Statements for hosts and the staff of hackathons.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{HackathonId, StaffRole};

/// Adds a host; returns whether the person was none.
pub(crate) async fn add_host(
    tx: &Tx,
    row: Uuid,
    person: UserId,
    added_by: Option<Uuid>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "INSERT INTO hackathon_hosts (id, created_at, user_id, added_by_id) \
               VALUES ($1, $2, $3, $4) ON CONFLICT (user_id) DO NOTHING";
    let values = [row.into(), now.into(), person.into(), added_by.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Removes a host; returns whether the person was one.
pub(crate) async fn remove_host(tx: &Tx, person: UserId) -> Result<bool, DbError> {
    let sql = "DELETE FROM hackathon_hosts WHERE user_id = $1";
    Ok(tx.run(tx.statement(sql, [person.into()])).await? > 0)
}

/// Gives a person a role in the staff of a hackathon, without tracks; returns whether they did not have it.
pub(crate) async fn set(
    tx: &Tx,
    row: Uuid,
    hackathon: HackathonId,
    person: UserId,
    role: StaffRole,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "INSERT INTO hackathon_staff (id, created_at, hackathon_id, user_id, role) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (hackathon_id, user_id) \
               DO UPDATE SET role = excluded.role, tracks = '' WHERE hackathon_staff.role <> excluded.role";
    let values = [row.into(), now.into(), hackathon.into(), person.into(), role.as_str().into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Stores the slugs of the tracks of a judge, separated by commas; returns whether they had others.
pub(crate) async fn set_tracks(
    tx: &Tx,
    hackathon: HackathonId,
    judge: UserId,
    tracks: &str,
) -> Result<bool, DbError> {
    let sql = "UPDATE hackathon_staff SET tracks = $3 WHERE hackathon_id = $1 AND user_id = $2 AND tracks <> $3";
    let values = [hackathon.into(), judge.into(), tracks.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Removes a person from the staff of a hackathon; returns whether they were in it.
pub(crate) async fn remove(
    tx: &Tx,
    hackathon: HackathonId,
    person: UserId,
) -> Result<bool, DbError> {
    let sql = "DELETE FROM hackathon_staff WHERE hackathon_id = $1 AND user_id = $2";
    let values = [hackathon.into(), person.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Lists the hackathons that a person organizes and that are not public.
pub(crate) async fn organized_privately(tx: &Tx, person: UserId) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        hackathon_id: Uuid,
    }
    let sql = "SELECT s.hackathon_id FROM hackathon_staff s JOIN hackathons h ON h.id = s.hackathon_id \
               WHERE s.user_id = $1 AND s.role = 'organizer' AND h.visibility <> 'public' \
               ORDER BY s.hackathon_id";
    let rows: Vec<Row> = tx.all(tx.statement(sql, [person.into()])).await?;
    Ok(rows.into_iter().map(|row| row.hackathon_id).collect())
}

/// Removes a person from the staff of all hackathons, and from the hosts.
pub(crate) async fn forget(tx: &Tx, person: UserId) -> Result<(), DbError> {
    for sql in [
        "DELETE FROM hackathon_staff WHERE user_id = $1",
        "DELETE FROM hackathon_hosts WHERE user_id = $1",
        "UPDATE hackathon_hosts SET added_by_id = NULL WHERE added_by_id = $1",
    ] {
        tx.run(tx.statement(sql, [person.into()])).await?;
    }
    Ok(())
}
