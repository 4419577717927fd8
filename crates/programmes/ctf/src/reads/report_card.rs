//! Queries of the report card of a competitor.

use kernel::Timestamp;
use platform::db::{Cell, DbError, Sql};
use sea_orm::{FromQueryResult, Statement};
use uuid::Uuid;

use crate::model::{CompetitorId, Division, SolveSource, SyncResult};

/// The game platform's latest totals of a competitor, with their time.
#[derive(Clone, Debug, FromQueryResult)]
pub struct PlatformTotals {
    /// The platform's number of completed challenges, from on-demand learning.
    pub challenges_completed: Option<i64>,
    /// The platform's all-time points from on-demand learning.
    pub total_score: Option<i64>,
    /// The number of Flash CTF solves of the month in which they were counted.
    pub monthly_ctf_challenges: Option<i64>,
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
    pub team: Option<String>,
    /// The division of the team, or else of the roster's first coach.
    pub division: Option<Division>,
}

/// Returns what the platform stated last about a competitor.
///
/// # Errors
/// When the database fails.
pub async fn platform_totals(
    db: &impl Sql,
    competitor: CompetitorId,
) -> Result<Option<PlatformTotals>, DbError> {
    let sql = format!(
        "SELECT s.challenges_completed, s.total_score, s.monthly_ctf_challenges, s.last_activity, \
         s.synced_at AS totals_at, coalesce(s.counted_at, s.synced_at) AS counted_at, y.last_odl_synced_at AS solves_at, y.last_attempt_at AS attempted_at, \
         y.last_result, y.error_message, {} AS division, \
         (SELECT t.name FROM ctf_team_members m JOIN ctf_teams t ON t.id = m.team_id \
         WHERE m.competitor_id = c.id AND m.left_at IS NULL) AS team FROM competitors c \
         LEFT JOIN game_platform_stats s ON s.competitor_id = c.id \
         LEFT JOIN game_platform_sync_state y ON y.syned_user_id = c.game_platform_id WHERE c.id = $1",
        super::dashboard::DIVISION
    );
    db.one(db.statement(&sql, [competitor.into()])).await
}

/// The stored solves of a competitor in a domain.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct DomainSums {
    /// The stored domain.
    pub domain: String,
    pub source: SolveSource,
    pub solves: i64,
    pub points: i64,
    /// The number of solves in the last 90 days.
    pub solves_90: i64,
    /// The points of the last 90 days.
    pub points_90: i64,
    /// The number of solves in the last 14 days.
    pub recent: i64,
    /// The number of solves in the 14 days before.
    pub before: i64,
    /// The number of solves in Flash CTFs that on-demand learning counts as well.
    pub in_both: i64,
    pub points_in_both: i64,
}

/// The instants from which parts of the solves count.
#[derive(Clone, Copy, Debug)]
pub struct CountedSince {
    /// The beginning of the last 90 days.
    pub quarter: Timestamp,
    /// The beginning of the 14 days before the last 14.
    pub before: Timestamp,
    /// The beginning of the last 14 days.
    pub recent: Timestamp,
}

/// Returns the stored solves of a competitor by domain and origin. Solves that the platform no longer states are left out.
///
/// # Errors
/// When the database fails.
pub async fn domain_sums(
    db: &impl Sql,
    competitor: CompetitorId,
    since: CountedSince,
) -> Result<Vec<DomainSums>, DbError> {
    let sql = "SELECT s.domain, s.source, count(*) AS solves, CAST(sum(s.points) AS bigint) AS points, \
         count(CASE WHEN s.solved_at >= $2 THEN 1 END) AS solves_90, \
         CAST(sum(CASE WHEN s.solved_at >= $2 THEN s.points ELSE 0 END) AS bigint) AS points_90, \
         count(CASE WHEN s.solved_at >= $4 THEN 1 END) AS recent, \
         count(CASE WHEN s.solved_at >= $3 AND s.solved_at < $4 THEN 1 END) AS before, \
         count(CASE WHEN s.in_both THEN 1 END) AS in_both, \
         CAST(sum(CASE WHEN s.in_both THEN s.points ELSE 0 END) AS bigint) AS points_in_both \
         FROM game_platform_challenge_solves s WHERE s.competitor_id = $1 AND s.vanished_at IS NULL \
         GROUP BY s.domain, s.source ORDER BY s.domain, s.source";
    let values =
        [competitor.into(), since.quarter.into(), since.before.into(), since.recent.into()];
    db.all(db.statement(sql, values)).await
}

/// Returns the instant and the points of each solve of a competitor from an instant on, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn solve_points(
    db: &impl Sql,
    competitor: CompetitorId,
    from: Timestamp,
) -> Result<Vec<(Timestamp, i64)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        solved_at: Timestamp,
        points: i64,
    }
    let sql = "SELECT s.solved_at, s.points FROM game_platform_challenge_solves s \
         WHERE s.competitor_id = $1 AND s.solved_at >= $2 AND s.vanished_at IS NULL ORDER BY s.solved_at, s.id";
    let rows: Vec<Row> = db.all(db.statement(sql, [competitor.into(), from.into()])).await?;
    Ok(rows.into_iter().map(|row| (row.solved_at, row.points)).collect())
}

/// A Flash CTF in which a competitor took part.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct EventResult {
    pub name: String,
    pub challenges_solved: i64,
    pub points_earned: i64,
    /// The points that could have been earned.
    pub max_points_possible: i64,
    /// The rank, if the platform states one.
    pub rank: Option<i64>,
    /// When it began.
    pub started_at: Timestamp,
    /// When the platform ceased to state it.
    pub vanished_at: Option<Timestamp>,
}

/// Returns the last Flash CTFs of a competitor, latest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn events(
    db: &impl Sql,
    competitor: CompetitorId,
    limit: i64,
) -> Result<Vec<EventResult>, DbError> {
    let sql = "SELECT e.name, e.challenges_solved, e.points_earned, e.max_points_possible, e.rank, \
         e.started_at, e.vanished_at FROM game_platform_flash_ctf_events e \
         WHERE e.competitor_id = $1 ORDER BY e.started_at DESC, e.id LIMIT $2";
    db.all(db.statement(sql, [competitor.into(), limit.into()])).await
}

/// Solves with the same NICE work roles.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct RoleSums {
    /// The codes of the work roles, as a JSON array.
    pub roles: String,
    pub solves: i64,
}

/// Returns the numbers of a competitor's solves by their NICE work roles.
///
/// # Errors
/// When the database fails.
pub async fn role_sums(db: &impl Sql, competitor: CompetitorId) -> Result<Vec<RoleSums>, DbError> {
    let sql = "SELECT s.nice_work_roles AS roles, count(*) AS solves \
         FROM game_platform_challenge_solves s WHERE s.competitor_id = $1 AND s.vanished_at IS NULL \
         GROUP BY s.nice_work_roles";
    db.all(db.statement(sql, [competitor.into()])).await
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SolveOrder {
    /// The latest first.
    #[default]
    Latest,
    /// The most points first.
    Points,
}

impl SolveOrder {
    /// Returns the value in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Latest => "date",
            Self::Points => "points",
        }
    }

    /// Returns the value that an address names; the latest first if it names none.
    #[must_use]
    pub fn named(text: &str) -> Self {
        match text {
            "points" => Self::Points,
            _ => Self::Latest,
        }
    }
}

/// The solves of a competitor that a list shows.
#[derive(Clone, Debug, Default)]
pub struct SolveFilter {
    /// The stored domain; empty for all.
    pub domain: String,
    pub order: SolveOrder,
}

#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct SolveView {
    pub id: Uuid,
    pub title: String,
    /// The platform's category.
    pub category: String,
    /// The stored domain.
    pub domain: String,
    pub points: i64,
    pub solved_at: Timestamp,
    pub source: SolveSource,
    /// True if the platform has retired the challenge.
    pub is_retired: bool,
    /// The codes of the NICE work roles, as a JSON array.
    pub nice_work_roles: String,
    /// When the platform corrected it.
    pub corrected_at: Option<Timestamp>,
    /// When the platform ceased to state it.
    pub vanished_at: Option<Timestamp>,
}

/// Returns the solves of a competitor, `limit` of them after the first `skipped`. Those that the platform no longer states are
/// among them.
///
/// # Errors
/// When the database fails.
pub async fn solves(
    db: &impl Sql,
    competitor: CompetitorId,
    filter: &SolveFilter,
    skipped: i64,
    limit: i64,
) -> Result<Vec<SolveView>, DbError> {
    let order = match filter.order {
        SolveOrder::Latest => "s.solved_at DESC, s.id",
        SolveOrder::Points => "s.points DESC, s.solved_at DESC, s.id",
    };
    let sql = format!(
        "SELECT s.id, s.title, s.category, s.domain, s.points, s.solved_at, s.source, s.is_retired, \
         s.nice_work_roles, s.corrected_at, s.vanished_at FROM game_platform_challenge_solves s \
         WHERE s.competitor_id = $1{} ORDER BY {order} LIMIT $2 OFFSET $3",
        in_domain(filter, "$4")
    );
    db.all(filtered(db, &sql, competitor, filter, [limit.into(), skipped.into()])).await
}

/// Counts the solves that a list shows.
///
/// # Errors
/// When the database fails.
pub async fn solve_count(
    db: &impl Sql,
    competitor: CompetitorId,
    filter: &SolveFilter,
) -> Result<i64, DbError> {
    let sql = format!(
        "SELECT count(*) FROM game_platform_challenge_solves s WHERE s.competitor_id = $1{}",
        in_domain(filter, "$2")
    );
    db.count(filtered(db, &sql, competitor, filter, [])).await
}

fn in_domain(filter: &SolveFilter, place: &str) -> String {
    match filter.domain.as_str() {
        "" => String::new(),
        _ => format!(" AND s.domain = {place}"),
    }
}

fn filtered<const N: usize>(
    db: &impl Sql,
    sql: &str,
    competitor: CompetitorId,
    filter: &SolveFilter,
    values: [Cell; N],
) -> Statement {
    let mut query = db.query();
    query.bind(competitor);
    for value in values {
        query.bind(value);
    }
    if !filter.domain.is_empty() {
        query.bind(filter.domain.as_str());
    }
    query.statement(sql)
}
