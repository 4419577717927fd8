//! Statements that compare teams with what was sent to the platform.

use kernel::Timestamp;
use platform::db::{DbError, Query, Sql, Tx, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{Division, TeamStatus},
    rules::{memberships::Membership, runs::RunScope},
};

#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct TeamRow {
    pub(crate) id: Uuid,
    pub(crate) roster_id: Uuid,
    pub(crate) name: String,
    pub(crate) division: Division,
    pub(crate) affiliation: String,
    pub(crate) game_platform_id: Option<String>,
    /// True if the last calls about the team left an error.
    pub(crate) has_error: bool,
}

/// A membership that was, or is to be, sent to the platform.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct MemberRow {
    pub(crate) id: Uuid,
    pub(crate) team_id: Uuid,
    pub(crate) competitor_id: Uuid,
    pub(crate) assigned_at: Option<Timestamp>,
    pub(crate) left_at: Option<Timestamp>,
    pub(crate) game_platform_id: Option<String>,
    is_free: bool,
    is_erased: bool,
}

impl MemberRow {
    /// Returns true if the membership is to be sent.
    pub(crate) fn is_new(&self) -> bool {
        self.left_at.is_none() && self.assigned_at.is_none()
    }

    /// Returns true if the membership is to be ended on the platform.
    pub(crate) fn is_over(&self) -> bool {
        self.left_at.is_some() && self.assigned_at.is_some()
    }

    /// Returns the ID on the platform, if the person may be sent.
    pub(crate) fn user(&self) -> Option<&str> {
        self.game_platform_id.as_deref().filter(|_| self.is_free)
    }

    /// Returns the ID on the platform of a person who was sent to the team, unless they were erased.
    pub(crate) fn sent_user(&self) -> Option<&str> {
        let is_sent = self.assigned_at.is_some() && !self.is_erased;
        self.game_platform_id.as_deref().filter(|_| is_sent)
    }

    /// Returns the facts that decide what is sent.
    pub(crate) fn membership(&self) -> Membership {
        Membership {
            id: self.id,
            is_present: self.left_at.is_none(),
            is_assigned: self.assigned_at.is_some(),
        }
    }
}

const TEAM: &str = "t.id, t.roster_id, t.name, t.division, t.affiliation, t.game_platform_id, \
     t.game_platform_sync_error IS NOT NULL AS has_error";

const MEMBER: &str = "m.id, m.team_id, m.competitor_id, m.assigned_at, m.left_at, p.game_platform_id, \
     (p.erased_at IS NULL AND p.release_withdrawn_at IS NULL) AS is_free, \
     p.erased_at IS NOT NULL AS is_erased";

fn condition(query: &mut Query, scope: RunScope) -> Option<String> {
    match scope {
        RunScope::All => Some("TRUE".to_owned()),
        RunScope::Coach(coach) => {
            let coach = query.bind(coach);
            Some(format!(
                "t.roster_id IN (SELECT b.roster_id FROM roster_coaches b WHERE b.coach_id = {coach})"
            ))
        }
        RunScope::Roster(roster) => Some(format!("t.roster_id = {}", query.bind(roster))),
        RunScope::Competitor(_)
        | RunScope::New
        | RunScope::Totals
        | RunScope::Failed
        | RunScope::RosterFailed(_) => None,
    }
}

/// Lists the teams of a run that are not archived.
pub(crate) async fn teams(db: &impl Sql, scope: RunScope) -> Result<Vec<TeamRow>, DbError> {
    let mut query = db.query();
    let Some(condition) = condition(&mut query, scope) else {
        return Ok(Vec::new());
    };
    let sql = format!(
        "SELECT {TEAM} FROM ctf_teams t JOIN rosters r ON r.id = t.roster_id \
         WHERE t.status <> 'archived' AND r.archived_at IS NULL AND {condition} ORDER BY t.id"
    );
    db.all(query.statement(sql)).await
}

pub(crate) async fn team(db: &impl Sql, id: Uuid) -> Result<Option<TeamRow>, DbError> {
    let sql = format!("SELECT {TEAM} FROM ctf_teams t WHERE t.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Lists the memberships of teams that are present, or not yet ended on the platform.
pub(crate) async fn members(
    db: &impl Sql,
    teams: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<MemberRow>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(teams), "r");
    let sql = format!(
        "SELECT {MEMBER} FROM {rows} \
         CROSS JOIN ctf_team_members m JOIN competitors p ON p.id = m.competitor_id \
         WHERE m.team_id = r.id AND (m.left_at IS NULL OR m.assigned_at IS NOT NULL) \
         ORDER BY m.left_at IS NULL, m.id"
    );
    db.all(query.statement(sql)).await
}

/// Lists the memberships of a competitor that are present, or not yet ended on the platform.
pub(crate) async fn of_competitor(
    db: &impl Sql,
    competitor: Uuid,
) -> Result<Vec<MemberRow>, DbError> {
    let sql = format!(
        "SELECT {MEMBER} FROM ctf_team_members m JOIN competitors p ON p.id = m.competitor_id \
         WHERE m.competitor_id = $1 AND (m.left_at IS NULL OR m.assigned_at IS NOT NULL) ORDER BY m.id"
    );
    db.all(db.statement(&sql, [competitor.into()])).await
}

/// Notes that the platform has a team.
pub(crate) async fn confirm(
    tx: &Tx,
    team: Uuid,
    platform_id: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE ctf_teams SET game_platform_id = coalesce(game_platform_id, $1), status = $2, \
               game_platform_synced_at = $3, updated_at = $3 WHERE id = $4 AND status <> 'archived'";
    let values = [platform_id.into(), TeamStatus::Active.as_str().into(), now.into(), team.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Notes that the platform has a membership, or no longer has it.
pub(crate) async fn set_assigned(
    tx: &Tx,
    member: Uuid,
    at: Option<Timestamp>,
) -> Result<(), DbError> {
    let sql = "UPDATE ctf_team_members SET assigned_at = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [at.into(), member.into()])).await?;
    Ok(())
}

/// Stores the error of a team, or that it has none.
pub(crate) async fn set_error(
    tx: &Tx,
    team: Uuid,
    message: Option<&str>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE ctf_teams SET game_platform_sync_error = $1, game_platform_synced_at = \
               CASE WHEN $1 IS NULL THEN $2 ELSE game_platform_synced_at END WHERE id = $3";
    let message = message.map(str::to_owned);
    tx.run(tx.statement(sql, [message.into(), now.into(), team.into()])).await?;
    Ok(())
}
