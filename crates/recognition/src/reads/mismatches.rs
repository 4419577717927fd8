//! Differences between the ledger and the boards. Stored and computed values are joined by grouping,
//! because SQLite would scan one side of a FULL JOIN once per row of the other.
//!
//! Boards have no foreign keys, so rows and buckets of an unknown board or person are found here too: the ledger has
//! no points for them.

use identity::model::{IdentityId, UserId};
use platform::db::{DbError, Engine, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{model::Mismatch, store::derived};

/// The maximum number of mismatches listed per kind.
pub const MISMATCHES: usize = 100;

/// Lists board rows, histogram buckets and reversals that differ from the ledger's entries.
pub async fn mismatches(db: &impl Sql) -> Result<Vec<Mismatch>, DbError> {
    let mut found = board_rows(db).await?;
    for sql in [&histogram(db.engine()), REVERSALS] {
        let sql = format!("{sql} LIMIT {MISMATCHES}");
        found.extend(db.all::<Mismatch>(db.statement(&sql, [])).await?);
    }
    Ok(found)
}

/// Lists the people after one, and the accounts, that have entries, by ID. `limit` is the number of people.
pub(crate) async fn earners(
    db: &impl Sql,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<(UserId, IdentityId)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
        identity_id: Uuid,
    }
    let sql = "SELECT DISTINCT p.user_id, p.identity_id FROM (SELECT DISTINCT user_id \
               FROM point_transactions WHERE user_id > $1 ORDER BY user_id LIMIT $2) r \
               JOIN point_transactions p ON p.user_id = r.user_id ORDER BY p.user_id, p.identity_id";
    let after = after.map_or(Uuid::nil(), |person| person.0);
    let rows: Vec<Row> = db
        .all(db.statement(sql, [after.into(), limit.into()]))
        .await?;
    let earner = |row: Row| (row.user_id.into(), row.identity_id.into());
    Ok(rows.into_iter().map(earner).collect())
}

async fn board_rows(db: &impl Sql) -> Result<Vec<Mismatch>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        key: String,
        user_id: Uuid,
        stored: String,
        counted: String,
    }
    let sql = format!("{} LIMIT {MISMATCHES}", boards(db.engine()));
    let rows: Vec<Row> = db.all(db.statement(&sql, [])).await?;
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
        Engine::Sqlite => format!("lower(hex({id}))"),
        Engine::Postgres => format!("CAST({id} AS text)"),
    };
    format!("coalesce(b.key, 'unknown board ' || {id})")
}

fn boards(engine: Engine) -> String {
    let at = |column: &str| match engine {
        Engine::Sqlite => format!("d.{column}"),
        Engine::Postgres => format!("CAST(d.{column} AS text)"),
    };
    format!(
        "SELECT d.key, d.user_id, \
         coalesce(CAST(d.stored AS text) || ' at ' || {}, 'no row') AS stored, \
         coalesce(CAST(d.counted AS text) || ' at ' || {}, 'no row') AS counted \
         FROM (SELECT key, user_id, max(stored) AS stored, max(stored_at) AS stored_at, max(odd) AS odd, \
         max(counted) AS counted, max(counted_at) AS counted_at FROM (\
         SELECT {} AS key, r.user_id, r.points AS stored, r.reached_at AS stored_at, \
         r.points + r.descending_points AS odd, NULL AS counted, NULL AS counted_at \
         FROM board_rows r LEFT JOIN boards b ON b.id = r.board_id \
         UNION ALL SELECT c.key, c.user_id, NULL, NULL, NULL, c.points, c.reached_at FROM ({}) c\
         ) s GROUP BY key, user_id) d \
         WHERE d.stored IS NULL OR d.counted IS NULL OR d.stored <> d.counted OR d.odd <> 0 \
         OR d.stored_at <> d.counted_at",
        at("stored_at"),
        at("counted_at"),
        key(engine, "r.board_id"),
        derived::board_rows(engine)
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
