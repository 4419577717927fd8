//! Statements for teams and their members.

use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use uuid::Uuid;

use crate::{
    model::{CompetitorId, RosterId, TeamId, TeamStatus},
    rules::teams::TeamDetails,
};

/// Inserts a team; returns whether the name was free on the roster.
pub(crate) async fn insert(
    tx: &Tx,
    id: TeamId,
    roster: RosterId,
    details: &TeamDetails,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "INSERT INTO ctf_teams (id, created_at, updated_at, roster_id, name, division, affiliation, \
               status) VALUES ($1, $2, $2, $3, $4, $5, $6, $7) ON CONFLICT (roster_id, name) DO NOTHING";
    let values = [
        id.into(),
        now.into(),
        roster.into(),
        details.name.as_str().into(),
        details.division.as_str().into(),
        details.affiliation.as_str().into(),
        TeamStatus::Forming.as_str().into(),
    ];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Changes the details of a team. The caller checked that the name is free.
pub(crate) async fn update(
    tx: &Tx,
    id: TeamId,
    details: &TeamDetails,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE ctf_teams SET name = $2, division = $3, affiliation = $4, updated_at = $5 \
               WHERE id = $1";
    let values = [
        id.into(),
        details.name.as_str().into(),
        details.division.as_str().into(),
        details.affiliation.as_str().into(),
        now.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Adds a member, and ends their membership in another team.
pub(crate) async fn add_member(
    tx: &Tx,
    row: Uuid,
    team: TeamId,
    competitor: CompetitorId,
    now: Timestamp,
) -> Result<(), DbError> {
    end_membership(tx, competitor, now).await?;
    let sql = "INSERT INTO ctf_team_members (id, created_at, team_id, competitor_id) \
               VALUES ($1, $2, $3, $4)";
    let values = [row.into(), now.into(), team.into(), competitor.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Ends the membership of a competitor in a team.
pub(crate) async fn end_membership(
    tx: &Tx,
    competitor: CompetitorId,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql =
        "UPDATE ctf_team_members SET left_at = $1 WHERE competitor_id = $2 AND left_at IS NULL";
    tx.run(tx.statement(sql, [now.into(), competitor.into()])).await?;
    Ok(())
}

pub(crate) async fn delete(tx: &Tx, id: TeamId) -> Result<(), DbError> {
    for sql in
        ["DELETE FROM ctf_team_members WHERE team_id = $1", "DELETE FROM ctf_teams WHERE id = $1"]
    {
        tx.run(tx.statement(sql, [id.into()])).await?;
    }
    Ok(())
}
