//! Statements for results that wait to be published.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use uuid::Uuid;

use crate::{model::HackathonId, rules::publication::Override};

/// Results that become public at an instant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewPublication<'a> {
    pub(crate) hackathon: HackathonId,
    pub(crate) results: &'a str,
    pub(crate) due_at: Timestamp,
    pub(crate) requested_by: Option<Uuid>,
}

/// Stores results that wait, in place of those that were kept before.
pub(crate) async fn schedule(
    tx: &Tx,
    row: Uuid,
    new: NewPublication<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO result_publications (id, created_at, updated_at, hackathon_id, results, due_at, \
               requested_by_id) VALUES ($1, $2, $2, $3, $4, $5, $6) ON CONFLICT (hackathon_id) DO UPDATE SET \
               updated_at = excluded.updated_at, results = excluded.results, due_at = excluded.due_at, \
               held_at = NULL, requested_by_id = excluded.requested_by_id";
    let values = [
        row.into(),
        now.into(),
        new.hackathon.into(),
        new.results.into(),
        new.due_at.into(),
        new.requested_by.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Keeps the results of a hackathon unpublished, as a draft; `held_at` is when something kept them from being published.
pub(crate) async fn unschedule(
    tx: &Tx,
    hackathon: HackathonId,
    held_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE result_publications SET due_at = NULL, held_at = $2, updated_at = $3 \
               WHERE hackathon_id = $1";
    let values = [hackathon.into(), held_at.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Writes the blockers that are overridden, in place of those before.
pub(crate) async fn set_overrides(
    tx: &Tx,
    hackathon: HackathonId,
    overrides: &[(Uuid, Override)],
    decided_by: Option<Uuid>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "DELETE FROM result_overrides WHERE hackathon_id = $1";
    tx.run(tx.statement(sql, [hackathon.into()])).await?;
    for (row, it) in overrides {
        let sql = "INSERT INTO result_overrides (id, created_at, hackathon_id, blocker, reason, decided_by_id) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let values = [
            (*row).into(),
            now.into(),
            hackathon.into(),
            it.blocker.as_str().into(),
            it.reason.as_str().into(),
            decided_by.into(),
        ];
        tx.run(tx.statement(sql, values)).await?;
    }
    Ok(())
}

/// Removes the reasons that a person wrote.
pub(crate) async fn forget(tx: &Tx, person: UserId) -> Result<(), DbError> {
    let sql = "UPDATE result_overrides SET reason = '' WHERE decided_by_id = $1";
    tx.run(tx.statement(sql, [person.into()])).await?;
    Ok(())
}
