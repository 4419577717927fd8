//! Does the ledger agree with everything derived from it? Counted again by plain SQL: what is stored and what is
//! counted are laid side by side by grouping, for SQLite walks one side of a FULL JOIN once for each row of
//! the other.

use platform::db::{DbError, Engine, Sql};
use sea_orm::FromQueryResult;
use serde::Serialize;

use crate::store::derived;

/// Something derived that does not agree with the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct Mismatch {
    /// What was compared: `total`, `board`, `histogram`, `reversal`, `entitlement`.
    pub what: String,
    /// Whose or which, for a person to find.
    pub which: String,
    /// As stored.
    pub stored: String,
    /// As counted again.
    pub counted: String,
}

/// At most so many mismatches of each kind are listed.
const LIST: usize = 100;

/// Everything that disagrees: totals, board rows, histogram, reversals.
pub async fn mismatches(db: &impl Sql) -> Result<Vec<Mismatch>, DbError> {
    let mut found = Vec::new();
    let boards = boards(db.engine());
    for sql in [&totals(), &boards, &histogram(), REVERSALS] {
        let sql = format!("{sql} LIMIT {LIST}");
        found.extend(db.all::<Mismatch>(db.statement(&sql, [])).await?);
    }
    Ok(found)
}

fn totals() -> String {
    format!(
        "SELECT 'total' AS what, u.login AS which, CAST(u.total_points AS text) AS stored, \
         CAST(coalesce(l.points, 0) AS text) AS counted \
         FROM users u LEFT JOIN ({}) l ON l.user_id = u.id \
         WHERE u.total_points <> coalesce(l.points, 0)",
        derived::TOTALS
    )
}

/// A reversal takes back one entry whole; a live one is never doubled.
const REVERSALS: &str = "SELECT 'reversal' AS what, CAST(p.generation AS text) || ' of ' || p.reason AS which, \
     CAST(p.points AS text) AS stored, coalesce(CAST(-x.points AS text), 'nothing to reverse') AS counted \
     FROM point_transactions p LEFT JOIN point_transactions x ON x.id = p.reverses_id \
     WHERE p.kind = 'REVERSAL' AND (x.id IS NULL OR x.points <> -p.points OR x.user_id <> p.user_id \
     OR x.source_id <> p.source_id OR x.reason <> p.reason)";

fn boards(engine: Engine) -> String {
    let at = |column: &str| match engine {
        Engine::Sqlite => format!("d.{column}"),
        Engine::Postgres => format!("CAST(d.{column} AS text)"),
    };
    format!(
        "SELECT 'board' AS what, d.key || ' ' || u.login AS which, \
         coalesce(CAST(d.stored AS text) || ' at ' || {}, 'no row') AS stored, \
         coalesce(CAST(d.counted AS text) || ' at ' || {}, 'no row') AS counted \
         FROM (SELECT key, user_id, max(stored) AS stored, max(stored_at) AS stored_at, max(odd) AS odd, \
         max(counted) AS counted, max(counted_at) AS counted_at FROM (\
         SELECT b.key, r.user_id, r.points AS stored, r.reached_at AS stored_at, \
         r.points + r.descending_points AS odd, NULL AS counted, NULL AS counted_at \
         FROM board_rows r JOIN boards b ON b.id = r.board_id \
         UNION ALL SELECT c.key, c.user_id, NULL, NULL, NULL, c.points, c.reached_at FROM ({}) c\
         ) s GROUP BY key, user_id) d JOIN users u ON u.id = d.user_id \
         WHERE d.stored IS NULL OR d.counted IS NULL OR d.stored <> d.counted OR d.odd <> 0 \
         OR d.stored_at <> d.counted_at",
        at("stored_at"),
        at("counted_at"),
        derived::board_rows(engine)
    )
}

fn histogram() -> String {
    format!(
        "SELECT 'histogram' AS what, b.key || ' level ' || CAST(d.level AS text) \
         || ' bucket ' || CAST(d.bucket AS text) AS which, \
         CAST(coalesce(d.stored, 0) AS text) AS stored, CAST(coalesce(d.counted, 0) AS text) AS counted \
         FROM (SELECT board_id, level, bucket, max(stored) AS stored, max(counted) AS counted FROM (\
         SELECT board_id, level, bucket, people AS stored, NULL AS counted FROM board_histogram \
         UNION ALL SELECT c.board_id, c.level, c.bucket, NULL, c.people FROM ({}) c\
         ) s GROUP BY board_id, level, bucket) d JOIN boards b ON b.id = d.board_id \
         WHERE coalesce(d.stored, 0) <> coalesce(d.counted, 0)",
        derived::histogram()
    )
}
