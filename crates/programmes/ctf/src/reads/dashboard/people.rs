use kernel::Timestamp;
use platform::db::{DbError, Kind, Sql};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::PRESENT;
use crate::{
    model::{AccountStatus, Division, RosterId, SyncResult},
    rules::{
        freshness::{PlatformGap, SyncFacts},
        plan::PlannedPerson,
        profile::{Incomplete, shown_name},
        range::flash_of_month,
        support::SupportFacts,
    },
};

/// A competitor on the dashboard of their roster, with the platform's totals and the state of the sync. The fields are in the
/// order of [`COLUMNS`]. When the school year ends, it is kept as it is then.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DashboardPerson {
    pub id: Uuid,
    /// The first name; empty when erased.
    pub first_name: String,
    /// The last name; empty when erased.
    pub last_name: String,
    pub grade: Option<i64>,
    pub erased_at: Option<Timestamp>,
    pub team_id: Option<Uuid>,
    pub team: Option<String>,
    pub division: Option<Division>,
    pub game_platform_id: Option<String>,
    /// The message of the last failure to put them on the platform.
    pub account_error: Option<String>,
    /// The stored state of the account.
    pub account: Option<String>,
    /// When they last signed in on the platform.
    pub last_login_at: Option<Timestamp>,
    /// The platform's all-time points from on-demand learning.
    pub total_score: Option<i64>,
    /// The platform's number of completed challenges, from on-demand learning.
    pub challenges_completed: Option<i64>,
    /// The number of Flash CTF solves of the month in which they were counted.
    pub monthly_ctf_challenges: Option<i64>,
    /// The name of the account on the platform.
    pub username: Option<String>,
    /// True if they are of age; `None` if it is not known.
    pub is_18_or_over: Option<bool>,
    /// True while a signed release is on record.
    pub release_signed: bool,
    pub release_withdrawn_at: Option<Timestamp>,
    /// True if the profile has an email address.
    pub has_email: bool,
    pub has_parent_name: bool,
    /// True if it has the email address of a parent.
    pub has_parent_email: bool,
    /// The last solve or access.
    pub last_activity: Option<Timestamp>,
    /// When the totals were stored.
    pub totals_at: Option<Timestamp>,
    /// When the Flash CTF solves of the month were counted.
    pub counted_at: Option<Timestamp>,
    /// When the last solves were stored.
    pub solves_at: Option<Timestamp>,
    /// When the platform was last asked.
    pub attempted_at: Option<Timestamp>,
    pub last_result: Option<SyncResult>,
    /// The message of its failure, or why they were skipped.
    pub error_message: Option<String>,
    /// The number of changes of the stored solves; `None` before the first.
    pub(in crate::reads) revision: Option<i64>,
}

const COLUMNS: [(&str, Kind); 30] = [
    ("id", Kind::Uuid),
    ("first_name", Kind::Text),
    ("last_name", Kind::Text),
    ("grade", Kind::Int),
    ("erased_at", Kind::At),
    ("team_id", Kind::Uuid),
    ("team", Kind::Text),
    ("division", Kind::Text),
    ("game_platform_id", Kind::Text),
    ("account_error", Kind::Text),
    ("account", Kind::Text),
    ("last_login_at", Kind::At),
    ("total_score", Kind::Int),
    ("challenges_completed", Kind::Int),
    ("monthly_ctf_challenges", Kind::Int),
    ("username", Kind::Text),
    ("is_18_or_over", Kind::Bool),
    ("release_signed", Kind::Bool),
    ("release_withdrawn_at", Kind::At),
    ("has_email", Kind::Bool),
    ("has_parent_name", Kind::Bool),
    ("has_parent_email", Kind::Bool),
    ("last_activity", Kind::At),
    ("totals_at", Kind::At),
    ("counted_at", Kind::At),
    ("solves_at", Kind::At),
    ("attempted_at", Kind::At),
    ("last_result", Kind::Text),
    ("error_message", Kind::Text),
    ("revision", Kind::Int),
];

impl DashboardPerson {
    /// Returns the ID, with the number of changes of the stored solves.
    #[must_use]
    pub fn revision(&self) -> (Uuid, Option<i64>) {
        (self.id, self.revision)
    }

    /// Returns the name as pages show it.
    #[must_use]
    pub fn name(&self) -> String {
        shown_name(&self.first_name, &self.last_name)
    }

    /// Returns what the freshness depends on.
    #[must_use]
    pub fn sync(&self) -> SyncFacts {
        let has_failed = self.last_result == Some(SyncResult::Failure);
        let succeeded = self.attempted_at.filter(|_| !has_failed && self.last_result.is_some());
        SyncFacts {
            is_on_platform: self.game_platform_id.is_some(),
            synced_at: succeeded.max(self.solves_at).max(self.totals_at),
            attempted_at: self.attempted_at,
            has_failed,
            is_unknown: self.last_result.is_none() && self.error_message.is_some(),
            gap: self.gap(),
        }
    }

    /// Returns what keeps them off the platform.
    fn gap(&self) -> PlatformGap {
        let person = PlannedPerson {
            is_erased: self.erased_at.is_some(),
            is_confirmed: true,
            is_of_age: self.is_18_or_over,
            release_signed: self.release_signed,
            release_withdrawn: self.release_withdrawn_at.is_some(),
            incomplete: match self.game_platform_id {
                Some(_) => None,
                None => {
                    Incomplete::of(self.is_18_or_over, self.has_parent_name, self.has_parent_email)
                }
            },
            ..PlannedPerson::default()
        };
        PlatformGap::of(&person, self.has_email, self.account_error.is_some())
    }

    /// Returns the number of Flash CTF solves of this month, as far as they are stored.
    #[must_use]
    pub fn flash_of_month(&self, now: Timestamp) -> i64 {
        flash_of_month(self.monthly_ctf_challenges, self.counted_at, now)
    }

    /// Returns the message of the failure that is not resolved, or why they were skipped.
    #[must_use]
    pub fn sync_error(&self) -> Option<String> {
        let unnamed = || "the platform did not answer as expected".to_owned();
        let of_sync = || self.sync().has_failed.then(unnamed);
        let message = self.account_error.as_ref().or(self.error_message.as_ref());
        message.cloned().or_else(of_sync)
    }

    /// Returns what the need for support depends on. `solves` are those in the range, the last of them at `solved_at`.
    #[must_use]
    pub fn support(&self, solves: i64, solved_at: Option<Timestamp>) -> SupportFacts {
        SupportFacts {
            is_on_platform: self.game_platform_id.is_some(),
            last_login_at: self.last_login_at,
            last_activity: self.last_activity.max(solved_at),
            sync_error: self.sync_error(),
            account: AccountStatus::stated(self.account.as_deref()),
            solves,
        }
    }
}

/// Returns the competitors who are on a roster, by name. Those whom a coach has not confirmed are left out.
///
/// # Errors
/// When the database fails.
pub async fn dashboard_people(
    db: &impl Sql,
    roster: RosterId,
) -> Result<Vec<DashboardPerson>, DbError> {
    let mut query = db.query();
    let roster = query.bind(roster);
    // The division is that of `DIVISION`, of which the part of the roster is read once here.
    let sql = format!(
        "SELECT c.id, c.first_name, c.last_name, c.grade, c.erased_at, t.id AS team_id, t.name AS team, \
         coalesce(t.division, (SELECT k.division FROM roster_coaches b JOIN coaches k ON k.id = b.coach_id \
         WHERE b.roster_id = {roster} AND b.role = 'coach' ORDER BY b.created_at, b.id LIMIT 1)) AS division, \
         c.game_platform_id, c.game_platform_sync_error AS account_error, \
         c.metactf_user_status AS account, c.last_login_at, s.total_score, s.challenges_completed, \
         s.monthly_ctf_challenges, c.metactf_username AS username, c.is_18_or_over, c.release_signed, \
         c.release_withdrawn_at, \
         (coalesce(c.email_school, '') <> '' OR coalesce(c.email_personal, '') <> '') AS has_email, \
         c.parent_name IS NOT NULL AS has_parent_name, c.parent_email IS NOT NULL AS has_parent_email, \
         s.last_activity, s.synced_at AS totals_at, \
         coalesce(s.counted_at, s.synced_at) AS counted_at, y.last_odl_synced_at AS solves_at, \
         y.last_attempt_at AS attempted_at, y.last_result, y.error_message, s.revision FROM competitors c \
         LEFT JOIN ctf_team_members m ON m.competitor_id = c.id AND m.left_at IS NULL \
         LEFT JOIN ctf_teams t ON t.id = m.team_id \
         LEFT JOIN game_platform_stats s ON s.competitor_id = c.id \
         LEFT JOIN game_platform_sync_state y ON y.syned_user_id = c.game_platform_id \
         WHERE c.roster_id = {roster} AND {PRESENT}"
    );
    let mut people: Vec<DashboardPerson> = db.documents(query.documents(&COLUMNS, &sql)).await?;
    people.sort_by_cached_key(|it| {
        (it.last_name.to_lowercase(), it.first_name.to_lowercase(), it.id)
    });
    Ok(people)
}

/// Counts the competitors of a roster whom a coach has not confirmed.
///
/// # Errors
/// When the database fails.
pub async fn joining(db: &impl Sql, roster: RosterId) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM competitors c \
         WHERE c.roster_id = $1 AND c.left_at IS NULL AND c.erased_at IS NULL AND c.confirmed_at IS NULL";
    db.count(db.statement(sql, [roster.into()])).await
}

/// Returns the people who coach a roster: those for whom the integration with the game platform may be on.
///
/// # Errors
/// When the database fails.
pub async fn coaching_people(db: &impl Sql, roster: RosterId) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
    }
    let sql = "SELECT k.user_id FROM roster_coaches b JOIN coaches k ON k.id = b.coach_id \
         WHERE b.roster_id = $1 AND k.approved = TRUE ORDER BY b.id";
    let rows: Vec<Row> = db.all(db.statement(sql, [roster.into()])).await?;
    Ok(rows.into_iter().map(|row| row.user_id).collect())
}
