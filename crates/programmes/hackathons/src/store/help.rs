//! Statements for requests for help.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use uuid::Uuid;

use crate::{
    model::{HackathonId, HelpRequestId, HelpState, TeamId},
    rules::help::HelpDetails,
};

/// Inserts a request of a team. The caller holds the lock of the hackathon's row.
pub(crate) async fn insert(
    tx: &Tx,
    id: HelpRequestId,
    hackathon: HackathonId,
    team: TeamId,
    person: UserId,
    details: &HelpDetails,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO help_requests (id, created_at, hackathon_id, team_id, asked_by_id, topic, place, state, \
               state_at, answer) VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $2, '')";
    let values = [
        id.into(),
        now.into(),
        hackathon.into(),
        team.into(),
        person.into(),
        details.topic.as_str().into(),
        details.place.as_str().into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Stores the state of a request, with the mentor who takes it and their answer.
pub(crate) async fn set_state(
    tx: &Tx,
    id: HelpRequestId,
    state: HelpState,
    mentor: Option<Uuid>,
    answer: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE help_requests SET state = $2, state_at = $3, mentor_id = $4, answer = $5 WHERE id = $1";
    let values = [id.into(), state.as_str().into(), now.into(), mentor.into(), answer.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Withdraws the open request of a team, if it has one.
pub(crate) async fn withdraw_of(tx: &Tx, team: TeamId, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE help_requests SET state = 'withdrawn', state_at = $2, mentor_id = NULL \
               WHERE team_id = $1 AND state IN ('waiting', 'taken')";
    tx.run(tx.statement(sql, [team.into(), now.into()])).await?;
    Ok(())
}

/// Hands back the requests of a hackathon that a person took, who no longer helps.
pub(crate) async fn hand_back_of(
    tx: &Tx,
    hackathon: HackathonId,
    person: UserId,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE help_requests SET state = 'waiting', state_at = $3, mentor_id = NULL \
               WHERE hackathon_id = $1 AND mentor_id = $2 AND state = 'taken'";
    let values = [hackathon.into(), person.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Removes a person's words from requests: what they asked, which is withdrawn if it is open, and what they answered. Those that they
/// took wait again.
pub(crate) async fn forget(tx: &Tx, person: UserId, now: Timestamp) -> Result<(), DbError> {
    for sql in [
        "UPDATE help_requests SET state = 'withdrawn', state_at = $2, mentor_id = NULL \
         WHERE asked_by_id = $1 AND state IN ('waiting', 'taken')",
        "UPDATE help_requests SET state = 'waiting', state_at = $2, mentor_id = NULL \
         WHERE mentor_id = $1 AND state = 'taken'",
    ] {
        tx.run(tx.statement(sql, [person.into(), now.into()])).await?;
    }
    for sql in [
        "UPDATE help_requests SET topic = '', place = '' WHERE asked_by_id = $1",
        "UPDATE help_requests SET answer = '' WHERE mentor_id = $1",
    ] {
        tx.run(tx.statement(sql, [person.into()])).await?;
    }
    Ok(())
}
