//! Statements that find what is compared with the game platform. No name of a person is read.

use std::collections::{BTreeSet, HashMap};

use kernel::Timestamp;
use platform::db::{DbError, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::RosterId,
    rules::{
        plan::PlannedPerson,
        reconcile::{AccountHere, ResultsHere},
        reconcile_teams::{MemberHere, TeamHere},
    },
};

/// A competitor to ask for.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ComparedPerson {
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
}

impl ComparedPerson {
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
            // Only their ID is asked for.
            incomplete: None,
            held_back,
        }
    }
}

const PERSON: &str = "p.id, p.roster_id, p.game_platform_id, p.is_18_or_over, p.release_signed, \
     p.release_withdrawn_at, p.confirmed_at, p.left_at, p.erased_at, r.archived_at";

/// Lists the competitors after an ID, in the order of IDs, at most `limit`.
pub(crate) async fn people(
    db: &impl Sql,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<ComparedPerson>, DbError> {
    let sql = format!(
        "SELECT {PERSON} FROM competitors p JOIN rosters r ON r.id = p.roster_id \
         WHERE p.id > $1 ORDER BY p.id LIMIT $2"
    );
    let after = after.unwrap_or_default();
    db.all(db.statement(&sql, [after.into(), limit.into()])).await
}

/// Lists the present competitors on the platform, of a roster or of all, in the order of IDs.
pub(crate) async fn on_platform(
    db: &impl Sql,
    roster: Option<RosterId>,
) -> Result<Vec<ComparedPerson>, DbError> {
    let mut query = db.query();
    let of_roster = roster
        .map_or_else(String::new, |roster| format!(" AND p.roster_id = {}", query.bind(roster)));
    let sql = format!(
        "SELECT {PERSON} FROM competitors p JOIN rosters r ON r.id = p.roster_id \
         WHERE p.game_platform_id IS NOT NULL AND p.left_at IS NULL AND p.erased_at IS NULL \
         AND r.archived_at IS NULL{of_roster} ORDER BY p.id"
    );
    db.all(query.statement(sql)).await
}

/// Stored facts about a competitor that are compared.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct StoredFacts {
    id: Uuid,
    game_platform_id: Option<String>,
    metactf_user_id: Option<i64>,
    metactf_username: Option<String>,
    metactf_user_status: Option<String>,
    challenges_completed: Option<i64>,
    total_score: Option<i64>,
    last_odl_synced_at: Option<Timestamp>,
    /// When the platform was last asked for them.
    pub(crate) last_attempt_at: Option<Timestamp>,
    odl_solves: i64,
}

impl StoredFacts {
    pub(crate) fn account(&self) -> AccountHere {
        AccountHere {
            is_on_platform: self.game_platform_id.is_some(),
            number: self.metactf_user_id,
            username: self.metactf_username.clone(),
            status: self.metactf_user_status.clone(),
        }
    }

    /// Returns the results in on-demand learning.
    pub(crate) fn results(&self) -> ResultsHere {
        ResultsHere {
            totals: self.challenges_completed.zip(self.total_score),
            solves: self.odl_solves,
            synced_at: self.last_odl_synced_at,
        }
    }
}

/// Returns stored facts about competitors, except those who were erased.
pub(crate) async fn facts(
    db: &impl Sql,
    competitors: &[Uuid],
) -> Result<HashMap<Uuid, StoredFacts>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(competitors.iter().copied()), "i");
    let sql = format!(
        "SELECT p.id, p.game_platform_id, p.metactf_user_id, p.metactf_username, p.metactf_user_status, \
         s.challenges_completed, s.total_score, y.last_odl_synced_at, y.last_attempt_at, \
         (SELECT count(*) FROM game_platform_challenge_solves v WHERE v.syned_user_id = p.game_platform_id \
         AND (v.source = 'odl' OR v.in_both) AND v.vanished_at IS NULL) AS odl_solves FROM {rows} CROSS JOIN competitors p \
         LEFT JOIN game_platform_sync_state y ON y.syned_user_id = p.game_platform_id \
         LEFT JOIN game_platform_stats s ON s.competitor_id = p.id WHERE p.id = i.id AND p.erased_at IS NULL"
    );
    let rows: Vec<StoredFacts> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// A coach with an account on the platform.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ComparedCoach {
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) game_platform_id: String,
    metactf_user_id: Option<i64>,
    metactf_username: Option<String>,
    metactf_user_status: Option<String>,
    pub(crate) approved: bool,
}

impl ComparedCoach {
    pub(crate) fn account(&self) -> AccountHere {
        AccountHere {
            is_on_platform: true,
            number: self.metactf_user_id,
            username: self.metactf_username.clone(),
            status: self.metactf_user_status.clone(),
        }
    }
}

/// Lists the coaches with an account on the platform.
pub(crate) async fn coaches(db: &impl Sql) -> Result<Vec<ComparedCoach>, DbError> {
    let sql = "SELECT c.id, c.user_id, c.game_platform_id, c.metactf_user_id, c.metactf_username, \
               c.metactf_user_status, c.approved FROM coaches c WHERE c.game_platform_id IS NOT NULL ORDER BY c.id";
    db.all(db.statement(sql, [])).await
}

/// Returns the IDs on the platform of coaches, also those that an operator cleared.
pub(crate) async fn coach_ids(db: &impl Sql) -> Result<BTreeSet<String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        platform_id: String,
    }
    let sql = "SELECT coalesce(c.game_platform_id, c.account_id) AS platform_id FROM coaches c \
               WHERE c.game_platform_id IS NOT NULL OR c.account_id IS NOT NULL";
    let rows: Vec<Row> = db.all(db.statement(sql, [])).await?;
    Ok(rows.into_iter().map(|row| row.platform_id).collect())
}

#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ComparedTeam {
    id: Uuid,
    pub(crate) roster_id: Uuid,
    name: String,
    pub(crate) game_platform_id: Option<String>,
    is_archived: bool,
}

impl ComparedTeam {
    /// Returns the team for the comparison, as if the platform knew it. Nothing is compared while the roster is held back.
    pub(crate) fn team(&self, is_held: bool) -> TeamHere {
        TeamHere {
            id: self.id,
            platform_id: self.game_platform_id.clone(),
            name: self.name.clone(),
            is_known_there: true,
            is_resting: self.is_archived || is_held,
        }
    }
}

pub(crate) async fn teams(db: &impl Sql) -> Result<Vec<ComparedTeam>, DbError> {
    let sql = "SELECT t.id, t.roster_id, t.name, t.game_platform_id, \
               (t.status = 'archived' OR r.archived_at IS NOT NULL) AS is_archived FROM ctf_teams t \
               JOIN rosters r ON r.id = t.roster_id ORDER BY t.id";
    db.all(db.statement(sql, [])).await
}

/// A competitor with an account on the platform, and their team.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ComparedMember {
    id: Uuid,
    pub(crate) roster_id: Uuid,
    game_platform_id: String,
    is_cleared: bool,
    is_erased: bool,
    is_deletion_open: bool,
    is_withdrawn: bool,
    team_id: Option<Uuid>,
    changed_at: Option<Timestamp>,
}

impl ComparedMember {
    /// Returns the membership for the comparison. One that changed since `asked_at` is not compared, nor that of a competitor
    /// whose ID an operator cleared: the comparison of accounts finds them.
    pub(crate) fn member(&self, asked_at: Timestamp, is_held: bool) -> MemberHere {
        MemberHere {
            competitor: self.id,
            user: self.game_platform_id.clone(),
            is_erased: self.is_erased,
            is_deletion_open: self.is_deletion_open,
            is_resting: self.is_withdrawn
                || self.is_cleared
                || is_held
                || self.changed_at >= Some(asked_at),
            team: self.team_id,
        }
    }
}

/// Lists the competitors who have an account on the platform, also former ones.
pub(crate) async fn members(db: &impl Sql) -> Result<Vec<ComparedMember>, DbError> {
    let sql = "SELECT p.id, p.roster_id, \
               coalesce(p.game_platform_id, e.syned_user_id, p.account_id) AS game_platform_id, \
               p.game_platform_id IS NULL AS is_cleared, p.erased_at IS NOT NULL AS is_erased, \
               (e.id IS NOT NULL AND e.confirmed_at IS NULL) AS is_deletion_open, \
               p.release_withdrawn_at IS NOT NULL AS is_withdrawn, m.team_id, \
               (SELECT max(coalesce(c.left_at, c.assigned_at, c.created_at)) FROM ctf_team_members c \
               WHERE c.competitor_id = p.id) AS changed_at FROM competitors p \
               LEFT JOIN ctf_team_members m ON m.competitor_id = p.id AND m.left_at IS NULL \
               LEFT JOIN game_platform_erasures e ON e.competitor_id = p.id \
               WHERE p.game_platform_id IS NOT NULL OR p.account_id IS NOT NULL OR e.id IS NOT NULL ORDER BY p.id";
    db.all(db.statement(sql, [])).await
}
