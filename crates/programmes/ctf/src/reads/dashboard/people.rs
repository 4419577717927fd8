use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{DIVISION, PRESENT};
use crate::{
    model::{AccountStatus, RosterId, SyncResult},
    rules::{freshness::SyncFacts, support::SupportFacts},
};

/// A competitor on the dashboard of their roster, with the platform's totals and the state of the sync.
#[derive(Clone, Debug, FromQueryResult)]
pub struct DashboardPerson {
    /// The competitor.
    pub id: Uuid,
    /// The first name; empty when erased.
    pub first_name: String,
    /// The last name; empty when erased.
    pub last_name: String,
    /// The grade.
    pub grade: Option<i64>,
    /// When they were erased.
    pub erased_at: Option<Timestamp>,
    /// The team.
    pub team_id: Option<Uuid>,
    /// The name of the team.
    pub team: Option<String>,
    /// The stored division.
    pub division: Option<String>,
    /// The ID on the game platform.
    pub game_platform_id: Option<String>,
    /// The message of the last failure to put them on the platform.
    pub account_error: Option<String>,
    /// The stored state of the account.
    pub account: Option<String>,
    /// When they last signed in at the platform.
    pub last_login_at: Option<Timestamp>,
    /// The platform's all-time points from on-demand learning.
    pub total_score: Option<i64>,
    /// The platform's number of completed challenges, from on-demand learning.
    pub challenges_completed: Option<i64>,
    /// The last solve or access.
    pub last_activity: Option<Timestamp>,
    /// When the totals were stored.
    pub totals_at: Option<Timestamp>,
    /// When the last solves were stored.
    pub solves_at: Option<Timestamp>,
    /// When the platform was last asked.
    pub attempted_at: Option<Timestamp>,
    /// The stored result of that.
    pub last_result: Option<String>,
    /// The message of its failure.
    pub error_message: Option<String>,
}

impl DashboardPerson {
    /// Returns the name as pages show it.
    #[must_use]
    pub fn name(&self) -> String {
        match self.erased_at {
            Some(_) => "Erased competitor".to_owned(),
            None => format!("{} {}", self.first_name, self.last_name)
                .trim()
                .to_owned(),
        }
    }

    /// Returns what the freshness depends on.
    #[must_use]
    pub fn sync(&self) -> SyncFacts {
        let has_failed = self.last_result.as_deref() == Some(SyncResult::Failure.as_str());
        let succeeded = self
            .attempted_at
            .filter(|_| !has_failed && self.last_result.is_some());
        SyncFacts {
            is_on_platform: self.game_platform_id.is_some(),
            synced_at: succeeded.max(self.solves_at).max(self.totals_at),
            attempted_at: self.attempted_at,
            has_failed,
        }
    }

    /// Returns the message of the failure that is not resolved.
    #[must_use]
    pub fn sync_error(&self) -> Option<String> {
        let of_sync = || {
            let message = self.error_message.clone();
            let unnamed = || "the platform did not answer as expected".to_owned();
            self.sync()
                .has_failed
                .then(|| message.unwrap_or_else(unnamed))
        };
        self.account_error.clone().or_else(of_sync)
    }

    /// Returns what the need for support depends on. `solves` are those in the range, the last of them at `solved_at`.
    #[must_use]
    pub fn support(&self, solves: i64, solved_at: Option<Timestamp>) -> SupportFacts {
        SupportFacts {
            is_on_platform: self.game_platform_id.is_some(),
            last_login_at: self.last_login_at,
            last_activity: self.last_activity.max(solved_at),
            sync_error: self.sync_error(),
            account: self.account.as_deref().and_then(AccountStatus::named),
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
    let sql = format!(
        "SELECT c.id, c.first_name, c.last_name, c.grade, c.erased_at, t.id AS team_id, t.name AS team, \
         {DIVISION} AS division, c.game_platform_id, c.game_platform_sync_error AS account_error, \
         c.metactf_user_status AS account, c.last_login_at, s.total_score, s.challenges_completed, \
         s.last_activity, s.synced_at AS totals_at, y.last_odl_synced_at AS solves_at, \
         y.last_attempt_at AS attempted_at, y.last_result, y.error_message FROM competitors c \
         LEFT JOIN ctf_team_members m ON m.competitor_id = c.id AND m.left_at IS NULL \
         LEFT JOIN ctf_teams t ON t.id = m.team_id \
         LEFT JOIN game_platform_stats s ON s.competitor_id = c.id \
         LEFT JOIN game_platform_sync_state y ON y.syned_user_id = c.game_platform_id \
         WHERE c.roster_id = $1 AND {PRESENT} ORDER BY lower(c.last_name), lower(c.first_name), c.id"
    );
    db.all(db.statement(&sql, [roster.into()])).await
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
