//! The statements that read the work of all modules at once.

use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{Happening, HappeningRow, Running, Task, TaskKind, TaskRow, WorkCount, WorkViewer};
use crate::{
    Context,
    db::{DbError, Engine, Sql},
    flags::FlagViewer,
};

/// The maximum number of tasks that are listed.
pub const MOST_TASKS: i64 = 500;

/// The columns of a task. The number may have a shorter type in a single SELECT.
const TASK: &str = "w.kind, w.name, w.place, w.slug, CAST(w.number AS bigint) AS number, w.detail, w.since, w.due, \
     w.person, w.quote";

/// The columns of a row that is about no person.
const ABOUT_NOTHING: &str = "CAST(NULL AS text) AS person, CAST(NULL AS text) AS quote";

const HAPPENING: &str = "w.kind, w.slug, w.name, w.summary, w.detail, CAST(w.mine AS bigint) AS mine, \
     CAST(w.done AS bigint) AS done, CAST(w.goal AS bigint) AS goal, CAST(w.people AS bigint) AS people, w.until, w.picture";

/// Uses each value, because SQLite refuses values that a statement does not use.
const USED: &str = "$1 IS NOT NULL AND $2 IS NOT NULL AND $3 IS NOT NULL";

fn today(now: Timestamp) -> String {
    now.format("%Y-%m-%d").to_string()
}

/// Joins SELECTs of the same columns.
fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(" UNION ALL ")
}

/// Returns the SELECT of a kind with the columns that every kind has.
fn whole(kind: &TaskKind, engine: Engine) -> String {
    let rows = (kind.rows)(engine);
    if kind.is_about { rows } else { format!("SELECT q.*, {ABOUT_NOTHING} FROM ({rows}) AS q") }
}

/// Lists the work of these kinds that waits for a person, in the order of [`Task::place`], at most [`MOST_TASKS`].
///
/// # Errors
/// When the database fails.
pub async fn tasks(
    context: &Context,
    kinds: &[&'static TaskKind],
    viewer: WorkViewer,
) -> Result<Vec<Task>, DbError> {
    let (db, now) = (&context.db, context.now());
    let own = kinds_of(context, kinds, viewer);
    if own.is_empty() {
        return Ok(Vec::new());
    }
    let rows = joined(own.iter().map(|kind| whole(kind, db.engine())));
    let sql = format!(
        "SELECT {TASK} FROM ({rows}) AS w WHERE {USED} \
         ORDER BY w.due IS NULL, w.due, w.since, w.slug LIMIT {MOST_TASKS}"
    );
    let values = [viewer.person.into(), now.into(), today(now).into()];
    let found: Vec<TaskRow> = db.all(db.statement(&sql, values)).await?;
    let task = |row: &TaskRow| {
        let kind = own.iter().find(|kind| kind.code == row.kind)?;
        Some(Task::of(kind, row))
    };
    let mut tasks: Vec<Task> = found.iter().filter_map(task).collect();
    tasks.sort_by(|one, other| one.place().cmp(&other.place()));
    Ok(tasks)
}

/// Counts the work of these kinds that waits for a person. Kinds without any are left out.
///
/// # Errors
/// When the database fails.
pub async fn work_counts(
    context: &Context,
    kinds: &[&'static TaskKind],
    viewer: WorkViewer,
) -> Result<Vec<WorkCount>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        kind: String,
        rows: i64,
    }
    let (db, now) = (&context.db, context.now());
    let own = kinds_of(context, kinds, viewer);
    if own.is_empty() {
        return Ok(Vec::new());
    }
    let rows = joined(own.iter().map(|kind| whole(kind, db.engine())));
    let sql = format!(
        "SELECT w.kind, count(*) AS \"rows\" FROM ({rows}) AS w WHERE {USED} GROUP BY w.kind"
    );
    let values = [viewer.person.into(), now.into(), today(now).into()];
    let found: Vec<Row> = db.all(db.statement(&sql, values)).await?;
    let count = |kind: &&'static TaskKind| {
        let row = found.iter().find(|row| row.kind == kind.code)?;
        Some(WorkCount { kind, count: row.rows })
    };
    Ok(own.iter().filter_map(count).collect())
}

fn kinds_of(
    context: &Context,
    kinds: &[&'static TaskKind],
    viewer: WorkViewer,
) -> Vec<&'static TaskKind> {
    let own = kinds.iter().copied();
    own.filter(|kind| kind.is_for(&context.flags, viewer)).collect()
}

/// Lists what runs now or comes: what everybody may see, and what a person takes part in, in the order of [`Running::place`].
///
/// # Errors
/// When the database fails.
pub async fn happenings(
    context: &Context,
    kinds: &[&'static Happening],
    person: Option<FlagViewer>,
) -> Result<Vec<Running>, DbError> {
    let (db, now) = (&context.db, context.now());
    let is_on = |kind: &&&'static Happening| match (kind.flag, person) {
        (None, _) => true,
        (Some(flag), Some(who)) => context.flags.is_on(flag, who),
        (Some(flag), None) => context.flags.is_on_for_everyone(flag),
    };
    let kinds: Vec<_> = kinds.iter().filter(is_on).collect();
    if kinds.is_empty() {
        return Ok(Vec::new());
    }
    let rows = joined(kinds.iter().map(|kind| (kind.rows)(db.engine())));
    let sql = format!(
        "SELECT {HAPPENING} FROM ({rows}) AS w WHERE {USED} \
         ORDER BY w.mine DESC, w.until IS NOT NULL, w.until, w.slug LIMIT 50"
    );
    let who = person.map_or_else(Uuid::nil, |viewer| viewer.person());
    let values = [who.into(), now.into(), today(now).into()];
    let found: Vec<HappeningRow> = db.all(db.statement(&sql, values)).await?;
    let shown = |row: &HappeningRow| {
        let kind = kinds.iter().find(|kind| kind.code == row.kind)?;
        (kind.shown)(row, now).transpose()
    };
    let mut all: Vec<Running> = found.iter().filter_map(shown).collect::<Result<_, _>>()?;
    all.sort_by_key(Running::place);
    Ok(all)
}
