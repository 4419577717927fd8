//! Statements that make the sync send or ask for something again.

use platform::db::{DbError, Sql, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{CompetitorId, TeamId, TeamStatus};

/// Forgets that the platform has a team, so that it is sent again with its members.
pub(crate) async fn forget_team(tx: &Tx, id: TeamId) -> Result<(), DbError> {
    let sql =
        "UPDATE ctf_teams SET game_platform_id = NULL, status = $1 WHERE id = $2 AND status <> $3";
    let values =
        [TeamStatus::Forming.as_str().into(), id.into(), TeamStatus::Archived.as_str().into()];
    tx.run(tx.statement(sql, values)).await?;
    let sql = "UPDATE ctf_team_members SET assigned_at = NULL WHERE team_id = $1";
    tx.run(tx.statement(sql, [id.into()])).await?;
    Ok(())
}

/// Forgets that the platform has the memberships of a competitor, so that the present one is sent again.
pub(crate) async fn forget_memberships(tx: &Tx, id: CompetitorId) -> Result<(), DbError> {
    let sql = "UPDATE ctf_team_members SET assigned_at = NULL WHERE competitor_id = $1";
    tx.run(tx.statement(sql, [id.into()])).await?;
    Ok(())
}

/// Marks the totals of a competitor as out of date.
pub(crate) async fn request_totals(tx: &Tx, id: CompetitorId) -> Result<(), DbError> {
    let sql = "UPDATE game_platform_sync_state SET needs_totals_refresh = TRUE \
               WHERE syned_user_id IN (SELECT p.game_platform_id FROM competitors p WHERE p.id = $1)";
    tx.run(tx.statement(sql, [id.into()])).await?;
    Ok(())
}

pub(crate) async fn team_of(db: &impl Sql, id: CompetitorId) -> Result<Option<TeamId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        team_id: Uuid,
    }
    let sql =
        "SELECT m.team_id FROM ctf_team_members m WHERE m.competitor_id = $1 AND m.left_at IS NULL";
    let row: Option<Row> = db.one(db.statement(sql, [id.into()])).await?;
    Ok(row.map(|row| row.team_id.into()))
}
