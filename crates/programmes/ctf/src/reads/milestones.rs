use std::ops::Range;

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{CompetitorId, RosterId},
    rules::{
        difficulty::HARD,
        domains::Domain,
        milestones::{Milestone, MilestoneFacts},
    },
};

/// Returns what the milestones of a competitor follow from. Solves and events that the platform no longer states are left out.
///
/// # Errors
/// When the database fails.
pub async fn milestone_facts(
    db: &impl Sql,
    competitor: CompetitorId,
) -> Result<MilestoneFacts, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        solves: i64,
        points: i64,
        events: i64,
        hard: i64,
        domains: i64,
    }
    let domains = Domain::ALL.map(|domain| format!("'{}'", domain.as_str()));
    let sql = format!(
        "SELECT count(*) AS solves, CAST(coalesce(sum(s.points), 0) AS bigint) AS points, \
         (SELECT count(*) FROM game_platform_flash_ctf_events e \
         WHERE e.competitor_id = $1 AND e.vanished_at IS NULL) AS events, \
         count(CASE WHEN s.points >= {HARD} THEN 1 END) AS hard, \
         count(DISTINCT CASE WHEN s.domain IN ({}) THEN s.domain END) AS domains \
         FROM game_platform_challenge_solves s WHERE s.competitor_id = $1 AND s.vanished_at IS NULL",
        domains.join(", ")
    );
    let row: Option<Row> = db.one(db.statement(&sql, [competitor.into()])).await?;
    let facts = |row: Row| MilestoneFacts {
        solves: row.solves,
        points: row.points,
        events: row.events,
        hard: row.hard,
        domains: row.domains,
    };
    Ok(row.map(facts).unwrap_or_default())
}

/// A milestone that a person with an account reached.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct ReachedMilestone {
    pub(crate) user_id: Uuid,
    pub(crate) code: Milestone,
    /// When it was noted.
    pub(crate) created_at: Timestamp,
}

/// Lists the milestones of the competitors that people are.
///
/// # Errors
/// When the database fails.
pub async fn milestones_of_people(
    db: &impl Sql,
    people: &[UserId],
) -> Result<Vec<ReachedMilestone>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(people.iter().copied()), "r");
    let sql = format!(
        "SELECT p.user_id, m.code, m.created_at FROM {rows} JOIN competitors p ON p.user_id = r.id \
         JOIN ctf_milestones m ON m.competitor_id = p.id"
    );
    db.all(query.statement(sql)).await
}

/// Counts the milestones that present competitors of a roster reached in a span of time.
///
/// # Errors
/// When the database fails.
pub async fn milestones_in(
    db: &impl Sql,
    roster: RosterId,
    span: &Range<Timestamp>,
) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM competitors p JOIN ctf_milestones m ON m.competitor_id = p.id \
               WHERE p.roster_id = $1 AND p.left_at IS NULL AND NOT m.is_imported \
               AND m.created_at >= $2 AND m.created_at < $3";
    db.count(db.statement(sql, [roster.into(), span.start.into(), span.end.into()])).await
}
