//! Differences between the ledger and the boards. Stored and computed values are joined by grouping,
//! because SQLite would scan one side of a FULL JOIN once per row of the other.
//!
//! Boards have no foreign keys, so rows and buckets of an unknown board or person are found here too: the ledger has
//! no points for them.

use platform::db::{DbError, Engine, Sql, ascii_lower};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::Mismatch,
    store::{derived, totals::Range},
};

/// The maximum number of mismatches listed per kind.
pub const MISMATCHES: usize = 100;

/// Lists rows of final boards, histogram buckets and reversals that differ from the ledger's entries.
pub(crate) async fn mismatches(db: &impl Sql) -> Result<Vec<Mismatch>, DbError> {
    let mut found = Vec::new();
    for sql in [&finals(db.engine()), &histogram(db.engine()), REVERSALS] {
        let sql = format!("{sql} LIMIT {MISMATCHES}");
        found.extend(db.all::<Mismatch>(db.statement(&sql, [])).await?);
    }
    Ok(found)
}

/// Lists the rows that people have on boards that are not final, and that differ from the ledger's entries.
pub(crate) async fn board_rows(db: &impl Sql, of: Range) -> Result<Vec<Mismatch>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        key: String,
        user_id: Uuid,
        stored: String,
        counted: String,
    }
    let sql = format!("{} LIMIT {MISMATCHES}", boards(db.engine()));
    let rows: Vec<Row> = db.all(db.statement(&sql, [of.after.into(), of.last.into()])).await?;
    let people = rows.iter().map(|row| row.user_id.into());
    let logins = identity::reads::logins(db, people).await?;
    let mismatch = |row: Row| {
        let person = match logins.get(&row.user_id.into()) {
            Some(login) => login.clone(),
            None => format!("unknown person {}", row.user_id),
        };
        Mismatch {
            what: "leaderboard".to_owned(),
            which: format!("{}, {person}", row.key),
            stored: row.stored,
            counted: row.counted,
        }
    };
    Ok(rows.into_iter().map(mismatch).collect())
}

/// Finds reversals that do not fully reverse exactly one entry.
const REVERSALS: &str = "SELECT 'reversal' AS what, 'number ' || CAST(p.generation AS text) || ' for ' || p.reason AS which, \
     CAST(p.points AS text) AS stored, coalesce(CAST(-x.points AS text), 'nothing to reverse') AS counted \
     FROM point_transactions p LEFT JOIN point_transactions x ON x.id = p.reverses_id \
     WHERE p.kind = 'REVERSAL' AND (x.id IS NULL OR x.points <> -p.points OR x.user_id <> p.user_id \
     OR x.source_id <> p.source_id OR x.reason <> p.reason)";

/// Returns SQL for the key of the board `b`, or what is known of it if there is no such board.
fn key(engine: Engine, id: &str) -> String {
    let id = match engine {
        Engine::Sqlite => ascii_lower(&format!("hex({id})")),
        Engine::Postgres => format!("CAST({id} AS text)"),
    };
    format!("coalesce(b.key, 'unknown board ' || {id})")
}

/// Returns an SQL condition that the person of a table is in the [`Range`] that is bound.
fn within(table: &str) -> String {
    format!("{table}.user_id > $1 AND {table}.user_id <= $2")
}

fn boards(engine: Engine) -> String {
    let at = |column: &str| match engine {
        Engine::Sqlite => format!("d.{column}"),
        Engine::Postgres => format!("CAST(d.{column} AS text)"),
    };
    format!(
        "SELECT d.key, d.user_id, \
         coalesce(CAST(d.stored AS text) || ' at ' || {} || ' with ' || CAST(d.stored_merged AS text) || ' merged', 'no row') AS stored, \
         coalesce(CAST(d.counted AS text) || ' at ' || {} || CASE WHEN d.stored_merged <> d.merged \
         THEN ' with ' || CAST(d.merged AS text) || ' merged' ELSE '' END, 'no row') AS counted \
         FROM (SELECT key, user_id, max(stored) AS stored, max(stored_at) AS stored_at, max(odd) AS odd, \
         max(stored_merged) AS stored_merged, max(merged) AS merged, \
         max(counted) AS counted, max(counted_at) AS counted_at FROM (\
         SELECT {} AS key, r.user_id, r.points AS stored, r.reached_at AS stored_at, \
         r.points + r.descending_points AS odd, r.merged AS stored_merged, NULL AS merged, \
         NULL AS counted, NULL AS counted_at \
         FROM board_rows r LEFT JOIN boards b ON b.id = r.board_id \
         LEFT JOIN fed_boards d ON d.board_id = r.board_id \
         WHERE {} AND b.final_at IS NULL AND coalesce(d.is_recounting, false) = false \
         UNION ALL SELECT c.key, c.user_id, NULL, NULL, NULL, NULL, c.merged, c.points, c.reached_at FROM ({}) c\
         ) s GROUP BY key, user_id) d \
         WHERE d.stored IS NULL OR d.counted IS NULL OR d.stored <> d.counted OR d.odd <> 0 \
         OR d.stored_at <> d.counted_at OR d.stored_merged <> d.merged",
        at("stored_at"),
        at("counted_at"),
        key(engine, "r.board_id"),
        within("r"),
        derived::board_rows(engine, &within("p"))
    )
}

/// Returns SQL for the rows of final boards that differ from the entries that were written before.
fn finals(engine: Engine) -> String {
    format!(
        "SELECT 'final leaderboard' AS what, {} AS which, CAST(r.points AS text) AS stored, \
         coalesce(CAST(c.points AS text), 'no row') AS counted FROM board_rows r \
         JOIN boards b ON b.id = r.board_id LEFT JOIN ({}) c ON c.board_id = r.board_id \
         AND c.user_id = r.user_id WHERE b.final_at IS NOT NULL \
         AND (c.points IS NULL OR c.points <> r.points OR c.merged <> r.merged)",
        key(engine, "r.board_id"),
        derived::final_rows(engine, derived::ANYONE)
    )
}

fn histogram(engine: Engine) -> String {
    format!(
        "SELECT 'rank histogram' AS what, {} || ', level ' || CAST(d.level AS text) \
         || ', bucket ' || CAST(d.bucket AS text) AS which, \
         CAST(coalesce(d.stored, 0) AS text) AS stored, CAST(coalesce(d.counted, 0) AS text) AS counted \
         FROM (SELECT board_id, level, bucket, max(stored) AS stored, max(counted) AS counted FROM (\
         SELECT board_id, level, bucket, people AS stored, NULL AS counted FROM board_histogram \
         UNION ALL SELECT c.board_id, c.level, c.bucket, NULL, c.people FROM ({}) c\
         ) s GROUP BY board_id, level, bucket) d LEFT JOIN boards b ON b.id = d.board_id \
         WHERE coalesce(d.stored, 0) <> coalesce(d.counted, 0)",
        key(engine, "d.board_id"),
        derived::histogram()
    )
}
