//! Statements for differences between here and the game platform.

use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Kind, Rows, Sql as _, Tx, ids},
};
use uuid::Uuid;

use crate::{
    model::DifferenceId,
    rules::{
        reconcile::{DifferenceSubject, FoundDifference},
        reconcile_kinds::DifferenceKind,
    },
};

/// The lock of transactions that store or resolve many differences. Comparisons can run at once, and each stores the differences
/// of some people and resolves those of others, so that no order of the rows would keep them from waiting for each other.
pub(crate) const DIFFERENCES: &str = "ctf.differences";

/// The number of differences that one statement stores.
const BATCH: usize = 500;

/// Stores the differences that a comparison found. A known one keeps the instant at which it was first seen; a resolved one
/// opens again.
pub(crate) async fn upsert(
    tx: &Tx,
    context: &Context,
    run: Uuid,
    found: &[(DifferenceSubject, FoundDifference)],
) -> Result<(), DbError> {
    for batch in found.chunks(BATCH) {
        upsert_batch(tx, context, run, batch).await?;
    }
    Ok(())
}

async fn upsert_batch(
    tx: &Tx,
    context: &Context,
    run: Uuid,
    found: &[(DifferenceSubject, FoundDifference)],
) -> Result<(), DbError> {
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("kind", Kind::Text),
        ("subject", Kind::Text),
        ("competitor_id", Kind::Uuid),
        ("coach_id", Kind::Uuid),
        ("team_id", Kind::Uuid),
        ("platform_id", Kind::Text),
        ("here", Kind::Text),
        ("there", Kind::Text),
    ]);
    for (subject, finding) in found {
        let (coach, team, foreign) = match subject {
            DifferenceSubject::Competitor(_) => (None, None, None),
            DifferenceSubject::Coach(id) => (Some(id.0), None, None),
            DifferenceSubject::Team(id) => (None, Some(id.0), None),
            DifferenceSubject::Account(id) | DifferenceSubject::ForeignTeam(id) => {
                (None, None, Some(id.clone()))
            }
        };
        rows.push([
            context.ids.next().into(),
            finding.kind.as_str().into(),
            subject.key().into(),
            subject.competitor().map(|id| id.0).into(),
            coach.into(),
            team.into(),
            foreign.into(),
            finding.here.as_str().into(),
            finding.there.as_str().into(),
        ]);
    }
    let mut query = tx.query();
    let (rows, now, run) = (query.rows(rows, "r"), query.bind(context.now()), query.bind(run));
    const T: &str = "game_platform_differences";
    let sql = format!(
        "INSERT INTO {T} (id, created_at, kind, subject, competitor_id, coach_id, team_id, platform_id, here, \
         there, first_seen_at, last_seen_at, seen_in) SELECT r.id, {now}, r.kind, r.subject, r.competitor_id, \
         r.coach_id, r.team_id, r.platform_id, r.here, r.there, {now}, {now}, {run} FROM {rows} WHERE TRUE \
         ON CONFLICT (kind, subject) DO UPDATE SET here = excluded.here, there = excluded.there, \
         first_seen_at = CASE WHEN {T}.resolved_at IS NULL THEN {T}.first_seen_at \
         ELSE excluded.first_seen_at END, last_seen_at = excluded.last_seen_at, \
         seen_in = excluded.seen_in, resolved_at = NULL"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

fn kinds(kinds: &[DifferenceKind]) -> String {
    let kinds = kinds.iter().map(|kind| format!("'{}'", kind.as_str()));
    kinds.collect::<Vec<_>>().join(", ")
}

/// Resolves the differences of these kinds about competitors that a comparison did not find any more.
pub(crate) async fn resolve_of(
    tx: &Tx,
    run: Uuid,
    competitors: &[Uuid],
    of: &[DifferenceKind],
    now: Timestamp,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let rows = query.rows(ids(competitors.iter().copied()), "r");
    let (now, run, kinds) = (query.bind(now), query.bind(run), kinds(of));
    let sql = format!(
        "UPDATE game_platform_differences SET resolved_at = {now} WHERE resolved_at IS NULL \
         AND seen_in <> {run} AND kind IN ({kinds}) AND competitor_id IN (SELECT r.id FROM {rows})"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Resolves the differences of these kinds that a comparison of everything did not find any more.
pub(crate) async fn resolve_all(
    tx: &Tx,
    run: Uuid,
    of: &[DifferenceKind],
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = format!(
        "UPDATE game_platform_differences SET resolved_at = $1 WHERE resolved_at IS NULL \
         AND seen_in <> $2 AND kind IN ({})",
        kinds(of)
    );
    tx.run(tx.statement(&sql, [now.into(), run.into()])).await?;
    Ok(())
}

/// Resolves the differences about coaches that a comparison did not find any more.
pub(crate) async fn resolve_coaches(
    tx: &Tx,
    run: Uuid,
    coaches: &[Uuid],
    now: Timestamp,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let rows = query.rows(ids(coaches.iter().copied()), "r");
    let (now, run) = (query.bind(now), query.bind(run));
    let sql = format!(
        "UPDATE game_platform_differences SET resolved_at = {now} WHERE resolved_at IS NULL \
         AND seen_in <> {run} AND coach_id IN (SELECT r.id FROM {rows})"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

pub(crate) async fn resolve(tx: &Tx, id: DifferenceId, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE game_platform_differences SET resolved_at = coalesce(resolved_at, $1) WHERE id = $2";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    Ok(())
}

/// Deletes differences that were resolved long ago. Returns their number.
pub(crate) async fn prune(tx: &Tx, before: Timestamp) -> Result<u64, DbError> {
    let sql = "DELETE FROM game_platform_differences WHERE resolved_at < $1";
    tx.run(tx.statement(sql, [before.into()])).await
}
