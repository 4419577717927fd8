//! Statements for solves.

use kernel::Timestamp;
use platform::{
    Context,
    db::{Cell, DbError, Kind, Rows, Sql, Tx, ids},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{CompetitorId, SolveSource},
    rules::{
        domains::stored_domain,
        merge::{SolveCorrection, SolveFacts, StoredSolve},
    },
};

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    challenge_solve_id: String,
    challenge_id: String,
    title: String,
    category: String,
    points: i64,
    solved_at: Timestamp,
    source: SolveSource,
    event_id: Option<String>,
    in_both: bool,
    is_retired: bool,
    nice_work_roles: String,
    vanished_at: Option<Timestamp>,
}

impl From<Row> for StoredSolve {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            is_vanished: row.vanished_at.is_some(),
            facts: SolveFacts {
                solve_id: row.challenge_solve_id,
                challenge_id: row.challenge_id,
                title: row.title,
                category: row.category,
                points: row.points,
                solved_at: row.solved_at,
                source: row.source,
                event_id: row.event_id,
                in_both: row.in_both,
                is_retired: row.is_retired,
                nice_work_roles: serde_json::from_str(&row.nice_work_roles).unwrap_or_default(),
                raw: String::new(),
            },
        }
    }
}

/// Lists the solves of a person, without the platform's own words.
pub(crate) async fn stored(db: &impl Sql, user: &str) -> Result<Vec<StoredSolve>, DbError> {
    let sql = "SELECT id, challenge_solve_id, challenge_id, title, category, points, solved_at, source, \
               event_id, in_both, is_retired, nice_work_roles, vanished_at FROM game_platform_challenge_solves \
               WHERE syned_user_id = $1";
    let rows: Vec<Row> = db.all(db.statement(sql, [user.into()])).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Numbers of what is stored about a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub(crate) struct StoredCounts {
    /// The rows of solves and of results in events, also those that vanished on the platform.
    pub(crate) all: i64,
    /// The solves that on-demand learning lists.
    pub(crate) odl: i64,
}

/// Counts what is stored about a person.
pub(crate) async fn counts(db: &impl Sql, user: &str) -> Result<StoredCounts, DbError> {
    let sql = "SELECT (SELECT count(*) FROM game_platform_challenge_solves v WHERE v.syned_user_id = $1) + \
               (SELECT count(*) FROM game_platform_flash_ctf_events e WHERE e.syned_user_id = $1) AS \"all\", \
               (SELECT count(*) FROM game_platform_challenge_solves v WHERE v.syned_user_id = $1 \
               AND (v.source = 'odl' OR v.in_both) AND v.vanished_at IS NULL) AS odl";
    let found = db.one(db.statement(sql, [user.into()])).await?;
    Ok(found.unwrap_or_default())
}

const COLUMNS: [(&str, Kind); 15] = [
    ("id", Kind::Uuid),
    ("solve_id", Kind::Text),
    ("challenge_id", Kind::Text),
    ("title", Kind::Text),
    ("category", Kind::Text),
    ("domain", Kind::Text),
    ("points", Kind::Int),
    ("solved_at", Kind::At),
    ("source", Kind::Text),
    ("event_id", Kind::Text),
    ("in_both", Kind::Bool),
    ("is_retired", Kind::Bool),
    ("roles", Kind::Text),
    ("raw", Kind::Text),
    ("previous", Kind::Text),
];

fn cells(id: Uuid, facts: &SolveFacts, previous: &str) -> [Cell; 15] {
    let roles = serde_json::to_string(&facts.nice_work_roles).unwrap_or_default();
    [
        id.into(),
        facts.solve_id.as_str().into(),
        facts.challenge_id.as_str().into(),
        facts.title.as_str().into(),
        facts.category.as_str().into(),
        stored_domain(&facts.category).into(),
        facts.points.into(),
        facts.solved_at.into(),
        facts.source.as_str().into(),
        facts.event_id.clone().into(),
        facts.in_both.into(),
        facts.is_retired.into(),
        roles.into(),
        facts.raw.as_str().into(),
        previous.into(),
    ]
}

/// Inserts solves of a person. Ones that are stored already stay as they are.
pub(crate) async fn insert(
    tx: &Tx,
    context: &Context,
    competitor: CompetitorId,
    user: &str,
    solves: &[SolveFacts],
) -> Result<(), DbError> {
    if solves.is_empty() {
        return Ok(());
    }
    let mut rows = Rows::new(COLUMNS);
    for facts in solves {
        rows.push(cells(context.ids.next(), facts, ""));
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(context.now()));
    let (competitor, user) = (query.bind(competitor), query.bind(user));
    let sql = format!(
        "INSERT INTO game_platform_challenge_solves (id, created_at, competitor_id, syned_user_id, \
         challenge_solve_id, challenge_id, title, category, domain, points, solved_at, source, event_id, in_both, \
         is_retired, nice_work_roles, raw) SELECT r.id, {now}, {competitor}, {user}, r.solve_id, \
         r.challenge_id, r.title, r.category, r.domain, r.points, r.solved_at, r.source, r.event_id, \
         r.in_both, r.is_retired, r.roles, r.raw FROM {rows} WHERE TRUE \
         ON CONFLICT (syned_user_id, challenge_solve_id) DO NOTHING"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Corrects solves, which are listed again if they had vanished.
pub(crate) async fn correct(
    tx: &Tx,
    corrections: &[SolveCorrection],
    now: Timestamp,
) -> Result<(), DbError> {
    for (is_marked, previous) in [(true, "r.previous"), (false, "s.previous")] {
        let chosen =
            corrections.iter().filter(|correction| correction.previous.is_some() == is_marked);
        let mut rows = Rows::new(COLUMNS);
        for correction in chosen {
            let previous = correction.previous.as_deref().unwrap_or_default();
            rows.push(cells(correction.id, &correction.facts, previous));
        }
        if rows.is_empty() {
            continue;
        }
        let mut query = tx.query();
        let rows = query.rows(rows, "r");
        let corrected = if is_marked { query.bind(now) } else { "s.corrected_at".to_owned() };
        let sql = format!(
            "UPDATE game_platform_challenge_solves AS s SET title = r.title, category = r.category, \
             domain = r.domain, points = r.points, solved_at = r.solved_at, source = r.source, \
             event_id = r.event_id, in_both = r.in_both, is_retired = r.is_retired, \
             nice_work_roles = r.roles, raw = CASE WHEN r.raw = '' THEN s.raw ELSE r.raw END, \
             previous = {previous}, corrected_at = {corrected}, vanished_at = NULL \
             FROM {rows} WHERE s.id = r.id"
        );
        tx.run(query.statement(sql)).await?;
    }
    Ok(())
}

/// Marks solves that the platform no longer lists.
pub(crate) async fn mark_vanished(tx: &Tx, rows: &[Uuid], now: Timestamp) -> Result<(), DbError> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let (set, now) = (query.rows(ids(rows.iter().copied()), "r"), query.bind(now));
    let sql = format!(
        "UPDATE game_platform_challenge_solves SET vanished_at = {now} \
         WHERE id IN (SELECT r.id FROM {set})"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}
