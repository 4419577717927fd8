//! Does the ledger agree with everything derived from it? Counted again by plain SQL.

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
///
/// # Errors
/// When the database fails.
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
    let at = |table: &str| match engine {
        Engine::Sqlite => format!("{table}.reached_at"),
        Engine::Postgres => format!("CAST({table}.reached_at AS text)"),
    };
    format!(
        "SELECT 'board' AS what, coalesce(b.key, c.key) || ' ' || u.login AS which, \
         coalesce(CAST(r.points AS text) || ' at ' || {}, 'no row') AS stored, \
         coalesce(CAST(c.points AS text) || ' at ' || {}, 'no row') AS counted \
         FROM (board_rows r JOIN boards b ON b.id = r.board_id) FULL JOIN \
         ({}) c ON c.key = b.key AND c.user_id = r.user_id \
         JOIN users u ON u.id = coalesce(r.user_id, c.user_id) \
         WHERE r.points IS NULL OR c.points IS NULL OR r.points <> c.points \
         OR r.points <> -r.descending_points OR r.reached_at <> c.reached_at",
        at("r"),
        at("c"),
        derived::board_rows(engine)
    )
}

fn histogram() -> String {
    format!(
        "SELECT 'histogram' AS what, b.key || ' level ' || CAST(coalesce(h.level, c.level) AS text) \
         || ' bucket ' || CAST(coalesce(h.bucket, c.bucket) AS text) AS which, \
         CAST(coalesce(h.people, 0) AS text) AS stored, CAST(coalesce(c.people, 0) AS text) AS counted \
         FROM board_histogram h FULL JOIN ({}) c \
         ON c.board_id = h.board_id AND c.level = h.level AND c.bucket = h.bucket \
         JOIN boards b ON b.id = coalesce(h.board_id, c.board_id) \
         WHERE coalesce(h.people, 0) <> coalesce(c.people, 0)",
        derived::histogram()
    )
}
