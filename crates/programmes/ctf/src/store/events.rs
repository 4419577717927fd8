//! Statements for results in Flash CTFs.

use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Kind, Rows, Sql, Tx, ids},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::CompetitorId,
    rules::merge::{EventFacts, StoredEvent},
};

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    event_id: String,
    name: String,
    challenges_solved: i64,
    points_earned: i64,
    max_points_possible: i64,
    rank: Option<i64>,
    started_at: Timestamp,
    vanished_at: Option<Timestamp>,
}

impl From<Row> for StoredEvent {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            is_vanished: row.vanished_at.is_some(),
            facts: EventFacts {
                event_id: row.event_id,
                name: row.name,
                challenges_solved: row.challenges_solved,
                points_earned: row.points_earned,
                max_points: row.max_points_possible,
                rank: row.rank,
                started_at: row.started_at,
                raw: String::new(),
            },
        }
    }
}

/// Lists the results of a person in events, without the platform's own words.
pub(crate) async fn stored(db: &impl Sql, user: &str) -> Result<Vec<StoredEvent>, DbError> {
    let sql = "SELECT id, event_id, name, challenges_solved, points_earned, max_points_possible, rank, \
               started_at, vanished_at FROM game_platform_flash_ctf_events WHERE syned_user_id = $1";
    let rows: Vec<Row> = db.all(db.statement(sql, [user.into()])).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Returns the start of the latest event that anyone entered, among those that the platform lists.
pub(crate) async fn latest_start(db: &impl Sql) -> Result<Option<Timestamp>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        started_at: Timestamp,
    }
    let sql = "SELECT started_at FROM game_platform_flash_ctf_events WHERE vanished_at IS NULL \
               ORDER BY started_at DESC LIMIT 1";
    let row: Option<Row> = db.one(db.statement(sql, [])).await?;
    Ok(row.map(|row| row.started_at))
}

/// Inserts results of a person, or replaces them. They are listed again if they had vanished.
pub(crate) async fn upsert(
    tx: &Tx,
    context: &Context,
    competitor: CompetitorId,
    user: &str,
    events: &[EventFacts],
) -> Result<(), DbError> {
    if events.is_empty() {
        return Ok(());
    }
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("event_id", Kind::Text),
        ("name", Kind::Text),
        ("solved", Kind::Int),
        ("earned", Kind::Int),
        ("most", Kind::Int),
        ("rank", Kind::Int),
        ("started_at", Kind::At),
        ("raw", Kind::Text),
    ]);
    for facts in events {
        rows.push([
            context.ids.next().into(),
            facts.event_id.as_str().into(),
            facts.name.as_str().into(),
            facts.challenges_solved.into(),
            facts.points_earned.into(),
            facts.max_points.into(),
            facts.rank.into(),
            facts.started_at.into(),
            facts.raw.as_str().into(),
        ]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(context.now()));
    let (competitor, user) = (query.bind(competitor), query.bind(user));
    let sql = format!(
        "INSERT INTO game_platform_flash_ctf_events (id, created_at, competitor_id, syned_user_id, event_id, \
         name, challenges_solved, points_earned, max_points_possible, rank, started_at, raw) \
         SELECT r.id, {now}, {competitor}, {user}, r.event_id, r.name, r.solved, r.earned, r.most, r.rank, \
         r.started_at, r.raw FROM {rows} WHERE TRUE ON CONFLICT (syned_user_id, event_id) DO UPDATE SET \
         name = excluded.name, challenges_solved = excluded.challenges_solved, \
         points_earned = excluded.points_earned, max_points_possible = excluded.max_points_possible, \
         rank = excluded.rank, raw = excluded.raw, vanished_at = NULL"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Marks results that the platform no longer lists.
pub(crate) async fn mark_vanished(tx: &Tx, rows: &[Uuid], now: Timestamp) -> Result<(), DbError> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let (set, now) = (query.rows(ids(rows.iter().copied()), "r"), query.bind(now));
    let sql = format!(
        "UPDATE game_platform_flash_ctf_events SET vanished_at = {now} \
         WHERE id IN (SELECT r.id FROM {set})"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}
