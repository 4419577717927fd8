//! Statements that find the competitors of a run, with what is known about each.

use std::collections::HashMap;

use kernel::Timestamp;
use platform::{
    db::{DbError, Query, Sql, Tx},
    flags::FlagViewer,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{CompetitorId, RosterId, RosterRole, SyncResult},
    rules::{
        plan::{LastAnswers, PlannedPerson},
        profile::Incomplete,
        runs::RunScope,
    },
};

/// A competitor of a run. It has no name and no address.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Candidate {
    pub(crate) id: Uuid,
    pub(crate) roster_id: Uuid,
    pub(crate) game_platform_id: Option<String>,
    is_18_or_over: Option<bool>,
    release_signed: bool,
    release_withdrawn_at: Option<Timestamp>,
    confirmed_at: Option<Timestamp>,
    left_at: Option<Timestamp>,
    erased_at: Option<Timestamp>,
    archived_at: Option<Timestamp>,
    pub(crate) metactf_user_status: Option<String>,
    pub(crate) last_login_at: Option<Timestamp>,
    pub(crate) game_platform_synced_at: Option<Timestamp>,
    last_odl_synced_at: Option<Timestamp>,
    last_flash_ctf_synced_at: Option<Timestamp>,
    pub(crate) last_remote_accessed_at: Option<Timestamp>,
    totals_refreshed_at: Option<Timestamp>,
    pub(crate) last_attempt_at: Option<Timestamp>,
    needs_totals_refresh: Option<bool>,
    /// The platform's number of solves in the last answer without a cursor.
    pub(crate) challenges_completed: Option<i64>,
    latest_event: Option<Timestamp>,
    is_behind: bool,
    /// The number of rows after the last sync that stored something.
    pub(crate) stored_rows: Option<i64>,
    /// True if fewer rows are stored now.
    is_missing: bool,
    last_result: Option<SyncResult>,
    error_message: Option<String>,
    pub(crate) has_email: bool,
    pub(crate) has_name: bool,
    has_parent_name: bool,
    has_parent_email: bool,
}

impl Candidate {
    pub(crate) fn key(&self) -> CompetitorId {
        self.id.into()
    }

    /// Returns what decides whether they may be asked for.
    pub(crate) fn person(&self, held_back: Option<String>) -> PlannedPerson {
        PlannedPerson {
            is_erased: self.erased_at.is_some(),
            has_left: self.left_at.is_some(),
            is_archived: self.archived_at.is_some(),
            is_confirmed: self.confirmed_at.is_some(),
            is_of_age: self.is_18_or_over,
            release_signed: self.release_signed,
            release_withdrawn: self.release_withdrawn_at.is_some(),
            incomplete: match self.game_platform_id {
                Some(_) => None,
                None => self.incomplete(),
            },
            held_back,
        }
    }

    fn incomplete(&self) -> Option<Incomplete> {
        Incomplete::of(self.is_18_or_over, self.has_parent_name, self.has_parent_email)
    }

    /// Returns what decides what is asked.
    pub(crate) fn known(&self) -> LastAnswers {
        LastAnswers {
            odl_at: self.last_odl_synced_at,
            flash_at: self.last_flash_ctf_synced_at,
            totals_at: self.totals_refreshed_at,
            needs_totals: self.needs_totals_refresh == Some(true),
            has_totals: self.challenges_completed.is_some(),
            latest_event: self.latest_event,
            is_behind: self.is_behind,
            is_missing: self.is_missing,
        }
    }

    /// Returns why the last sync was partial, if it was.
    pub(crate) fn partial(&self) -> Option<&str> {
        let succeeded = self.last_result == Some(SyncResult::Success);
        self.error_message.as_deref().filter(|_| succeeded)
    }
}

/// Returns the condition on a competitor `p` of a roster `r` with the state `y`.
fn condition(query: &mut Query, scope: RunScope) -> String {
    match scope {
        RunScope::All => "r.archived_at IS NULL".to_owned(),
        RunScope::Coach(coach) => {
            let coach = query.bind(coach);
            format!(
                "r.archived_at IS NULL AND r.id IN \
                 (SELECT b.roster_id FROM roster_coaches b WHERE b.coach_id = {coach})"
            )
        }
        RunScope::Roster(roster) => format!("p.roster_id = {}", query.bind(roster)),
        RunScope::Competitor(competitor) => format!("p.id = {}", query.bind(competitor)),
        RunScope::New => READY.to_owned(),
        RunScope::Totals => OUTDATED.to_owned(),
        RunScope::Failed => format!("r.archived_at IS NULL AND {FAILED}"),
        RunScope::RosterFailed(roster) => {
            format!("p.roster_id = {} AND {FAILED}", query.bind(roster))
        }
    }
}

/// The condition on a present competitor `p` with the state `y` whose last sync left an error.
const FAILED: &str = "p.left_at IS NULL AND p.erased_at IS NULL AND (p.game_platform_sync_error IS NOT NULL \
     OR y.last_result = 'failure' OR y.error_message IS NOT NULL)";

/// The condition on a competitor `p` of a roster `r` with the state `y` whose totals are out of date, and may be read. Those
/// whom the platform does not know are left out.
const OUTDATED: &str = "r.archived_at IS NULL AND p.left_at IS NULL AND p.erased_at IS NULL \
     AND p.confirmed_at IS NOT NULL AND p.release_withdrawn_at IS NULL AND (p.release_signed OR p.is_18_or_over) \
     AND y.needs_totals_refresh AND (y.last_result IS NOT NULL OR y.error_message IS NULL)";

/// The condition on a competitor `p` of a roster `r` who is not on the platform, and may be put there.
pub(crate) const READY: &str = "r.archived_at IS NULL AND p.game_platform_id IS NULL AND p.left_at IS NULL \
     AND p.erased_at IS NULL AND p.confirmed_at IS NOT NULL AND p.release_withdrawn_at IS NULL \
     AND (p.is_18_or_over OR (p.release_signed AND NOT p.is_18_or_over AND p.parent_name IS NOT NULL \
     AND p.parent_email IS NOT NULL)) AND p.game_platform_sync_error IS NULL";

/// Lists the competitors of a run.
pub(crate) async fn candidates(db: &impl Sql, scope: RunScope) -> Result<Vec<Candidate>, DbError> {
    let mut query = db.query();
    let condition = condition(&mut query, scope);
    let sql = format!(
        "SELECT p.id, p.roster_id, p.game_platform_id, p.is_18_or_over, p.release_signed, \
         p.release_withdrawn_at, p.confirmed_at, p.left_at, p.erased_at, r.archived_at, \
         p.metactf_user_status, p.last_login_at, p.game_platform_synced_at, y.last_odl_synced_at, \
         y.last_flash_ctf_synced_at, y.last_remote_accessed_at, y.totals_refreshed_at, y.last_attempt_at, \
         y.needs_totals_refresh, s.challenges_completed, \
         (SELECT max(e.started_at) FROM game_platform_flash_ctf_events e \
         WHERE e.syned_user_id = p.game_platform_id AND e.vanished_at IS NULL) AS latest_event, \
         EXISTS (SELECT 1 FROM game_platform_flash_ctf_events e \
         WHERE e.syned_user_id = p.game_platform_id AND e.vanished_at IS NULL AND e.challenges_solved > \
         (SELECT count(*) FROM game_platform_challenge_solves v WHERE v.syned_user_id = e.syned_user_id \
         AND v.event_id = e.event_id AND v.vanished_at IS NULL)) AS is_behind, y.stored_rows, \
         coalesce(y.stored_rows > (SELECT count(*) FROM game_platform_challenge_solves v \
         WHERE v.syned_user_id = p.game_platform_id) + (SELECT count(*) FROM game_platform_flash_ctf_events e \
         WHERE e.syned_user_id = p.game_platform_id), FALSE) AS is_missing, y.last_result, y.error_message, \
         (coalesce(p.email_school, '') <> '' OR coalesce(p.email_personal, '') <> '') AS has_email, \
         (p.first_name <> '' OR p.last_name <> '') AS has_name, \
         p.parent_name IS NOT NULL AS has_parent_name, p.parent_email IS NOT NULL AS has_parent_email \
         FROM competitors p JOIN rosters r ON r.id = p.roster_id \
         LEFT JOIN game_platform_sync_state y ON y.syned_user_id = p.game_platform_id \
         LEFT JOIN game_platform_stats s ON s.competitor_id = p.id \
         WHERE {condition} ORDER BY y.last_attempt_at IS NOT NULL, y.last_attempt_at, p.id"
    );
    db.all(query.statement(sql)).await
}

/// A number of competitors of a roster.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub(crate) struct CompetitorCount {
    pub(crate) roster_id: Uuid,
    pub(crate) competitors: i64,
}

/// Counts the competitors who are ready for the platform, but not on it, by roster.
pub(crate) async fn ready(db: &impl Sql) -> Result<Vec<CompetitorCount>, DbError> {
    by_roster(db, READY).await
}

/// Counts the competitors whose totals are out of date, by roster.
pub(crate) async fn outdated(db: &impl Sql) -> Result<Vec<CompetitorCount>, DbError> {
    by_roster(db, OUTDATED).await
}

async fn by_roster(db: &impl Sql, condition: &str) -> Result<Vec<CompetitorCount>, DbError> {
    let sql = format!(
        "SELECT p.roster_id, count(*) AS competitors FROM competitors p JOIN rosters r ON r.id = p.roster_id \
         LEFT JOIN game_platform_sync_state y ON y.syned_user_id = p.game_platform_id \
         WHERE {condition} GROUP BY p.roster_id"
    );
    db.all(db.statement(&sql, [])).await
}

/// Counts the competitors of a roster whose last sync left an error, or who could not be put on the platform.
pub(crate) async fn failed(db: &impl Sql, roster: RosterId) -> Result<i64, DbError> {
    let sql = format!(
        "SELECT count(*) FROM competitors p \
         LEFT JOIN game_platform_sync_state y ON y.syned_user_id = p.game_platform_id \
         WHERE p.roster_id = $1 AND {FAILED}"
    );
    db.count(db.statement(&sql, [roster.into()])).await
}

/// Notes when a coach refreshed a roster.
pub(crate) async fn set_refreshed(
    tx: &Tx,
    roster: RosterId,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE rosters SET refreshed_at = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [now.into(), roster.into()])).await?;
    Ok(())
}

/// A coach of a roster, as the sync needs them.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct RosterCoach {
    pub(crate) roster_id: Uuid,
    pub(crate) coach_id: Uuid,
    pub(crate) user_id: Uuid,
    role: RosterRole,
    pub(crate) game_platform_id: Option<String>,
}

impl RosterCoach {
    fn who(&self) -> FlagViewer {
        FlagViewer::new(self.user_id, None)
    }
}

/// The approved coaches of rosters, those with the role coach first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Coaches(HashMap<Uuid, Vec<RosterCoach>>);

impl Coaches {
    /// Returns the people for whom the integration may be on.
    pub(crate) fn subjects(&self, roster: Uuid) -> Vec<FlagViewer> {
        let coaches = self.0.get(&roster).into_iter().flatten();
        coaches.map(RosterCoach::who).collect()
    }

    /// Returns the people for whom the integration may be on where a call concerns a coach, given by ID and account: the coach,
    /// and all coaches of their rosters.
    pub(crate) fn subjects_of(&self, coach: Uuid, user: Uuid) -> Vec<FlagViewer> {
        let own = FlagViewer::new(user, None);
        let is_theirs = |all: &&Vec<RosterCoach>| all.iter().any(|one| one.coach_id == coach);
        let others = self.0.values().filter(is_theirs).flatten();
        let others = others.map(RosterCoach::who);
        std::iter::once(own).chain(others).collect()
    }

    /// Returns the coach who is responsible for the roster on the platform: one who is there already, or else the first.
    pub(crate) fn responsible(&self, roster: Uuid) -> Option<&RosterCoach> {
        let own = self.0.get(&roster)?;
        let is_coach = |coach: &&RosterCoach| coach.role == RosterRole::Coach;
        let there = own.iter().filter(is_coach).find(|coach| coach.game_platform_id.is_some());
        there.or_else(|| own.iter().find(is_coach))
    }
}

/// Returns the approved coaches of all rosters that are not archived, or of one.
pub(crate) async fn coaches(db: &impl Sql, roster: Option<Uuid>) -> Result<Coaches, DbError> {
    let mut query = db.query();
    let condition = match roster {
        Some(roster) => format!("r.id = {}", query.bind(roster)),
        None => "r.archived_at IS NULL".to_owned(),
    };
    let sql = format!(
        "SELECT b.roster_id, c.id AS coach_id, c.user_id, b.role, c.game_platform_id FROM roster_coaches b \
         JOIN coaches c ON c.id = b.coach_id JOIN rosters r ON r.id = b.roster_id \
         WHERE c.approved AND {condition} ORDER BY b.created_at, b.id"
    );
    let rows: Vec<RosterCoach> = db.all(query.statement(sql)).await?;
    let mut coaches = Coaches::default();
    for row in rows {
        coaches.0.entry(row.roster_id).or_default().push(row);
    }
    Ok(coaches)
}
