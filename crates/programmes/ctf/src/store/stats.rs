//! Statements for the platform's totals.

use kernel::{Month, Timestamp};
use platform::db::{DbError, Sql as _, Tx};
use uuid::Uuid;

use crate::model::CompetitorId;

/// The platform's totals of a competitor, from an answer without a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AnsweredTotals {
    pub(crate) challenges: i64,
    pub(crate) points: i64,
}

/// Stores the platform's totals.
pub(crate) async fn store_totals(
    tx: &Tx,
    id: Uuid,
    competitor: CompetitorId,
    totals: AnsweredTotals,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO game_platform_stats (id, created_at, competitor_id, challenges_completed, \
               monthly_ctf_challenges, total_score, synced_at) VALUES ($1, $2, $3, $4, 0, $5, $2) \
               ON CONFLICT (competitor_id) DO UPDATE SET \
               challenges_completed = excluded.challenges_completed, \
               total_score = excluded.total_score, synced_at = excluded.synced_at";
    let values =
        [id.into(), now.into(), competitor.into(), totals.challenges.into(), totals.points.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Counts the solves of this month in Flash CTFs again, and notes the last activity: the latest of the solves, of what is
/// known and of the last access. Without totals, there is no row and nothing is stored. The time of the totals stays.
pub(crate) async fn store_activity(
    tx: &Tx,
    competitor: CompetitorId,
    accessed_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), DbError> {
    let month = Month::of(now);
    let mut query = tx.query();
    let competitor = query.bind(competitor);
    let (from, until) = (query.bind(month.start()), query.bind(month.end()));
    let (accessed, now) = (query.bind(accessed_at), query.bind(now));
    let latest = format!(
        "(SELECT max(a.at) FROM (SELECT v.solved_at AS at FROM game_platform_challenge_solves v \
         WHERE v.competitor_id = {competitor} AND v.vanished_at IS NULL \
         UNION ALL SELECT {accessed} UNION ALL SELECT y.last_remote_accessed_at FROM competitors p \
         JOIN game_platform_sync_state y ON y.syned_user_id = p.game_platform_id \
         WHERE p.id = {competitor}) AS a)"
    );
    let sql = format!(
        "UPDATE game_platform_stats SET monthly_ctf_challenges = (SELECT count(*) \
         FROM game_platform_challenge_solves m WHERE m.competitor_id = {competitor} \
         AND m.source = 'flash_ctf' AND m.vanished_at IS NULL AND m.solved_at >= {from} \
         AND m.solved_at < {until}), last_activity = {latest}, counted_at = {now} \
         WHERE competitor_id = {competitor}"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Notes that the stored solves or events of a competitor changed, so that open pages update.
pub(crate) async fn note_change(tx: &Tx, competitor: CompetitorId) -> Result<(), DbError> {
    let sql = "UPDATE game_platform_stats SET revision = revision + 1 WHERE competitor_id = $1";
    tx.run(tx.statement(sql, [competitor.into()])).await?;
    Ok(())
}
