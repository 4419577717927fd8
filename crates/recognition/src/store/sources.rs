//! Boards by kind of source.

use platform::db::{DbError, Engine, Sql, Tx};

use super::derived::{final_rows, histogram, listed_rows};

/// The kinds whose boards are to be counted: all that have none, once entries of two kinds count. Only the last statement of
/// [`count`] writes the histogram, so the kinds stay the same until then.
const KINDS: &str = "SELECT substr(k.key, 6) AS kind, k.created_at FROM boards k WHERE k.key LIKE 'kind:%' \
     AND (SELECT count(*) FROM boards o WHERE o.key LIKE 'kind:%') > 1 \
     AND NOT EXISTS (SELECT 1 FROM boards s JOIN board_histogram h ON h.board_id = s.id \
     WHERE s.key = 'source:' || substr(k.key, 6))";

/// Counts the boards of the kinds of sources that have none from the ledger, once entries of two kinds count. Later, entries
/// update them like other boards.
pub(crate) async fn count_new(tx: &Tx) -> Result<(), DbError> {
    // With one kind, no board counts it alone: the ledger and the boards need not be read.
    let kinds = "SELECT count(*) FROM boards WHERE key LIKE 'kind:%'";
    if tx.count(tx.statement(kinds, [])).await? < 2 {
        return Ok(());
    }
    for sql in count(tx.engine()) {
        tx.run(tx.statement(&sql, [])).await?;
    }
    Ok(())
}

/// Returns an SQL condition that a board is one of a kind's, whole or within a month.
fn is_of(board: &str, kind: &str) -> String {
    format!(
        "({board} = 'source:' || {kind} OR substr({board}, 1, length({kind}) + 8) = 'source:' || {kind} || '/')"
    )
}

/// Returns the statements that create and count the boards of [`KINDS`], with the state, the notes and the people of
/// the months that are final.
pub(super) fn count(engine: Engine) -> [String; 6] {
    let id = match engine {
        Engine::Sqlite => "randomblob(16)",
        Engine::Postgres => "gen_random_uuid()",
    };
    let own = is_of("b.key", "n.kind");
    let is_counted = format!("EXISTS (SELECT 1 FROM ({KINDS}) n WHERE {own})");
    let month = "substr(b.key, length(b.key) - 12)";
    let of_kinds = format!(
        "p.source_kind IN (SELECT n.kind FROM ({KINDS}) n) AND a.value = 'source:' || p.source_kind"
    );
    let rows = "INSERT INTO board_rows (board_id, user_id, points, descending_points, merged, reached_at, updated_at)";
    let columns = "c.user_id, c.points, -c.points, c.merged, c.reached_at, c.reached_at";
    [
        format!(
            "INSERT INTO boards (id, key, created_at) SELECT {id}, 'source:' || n.kind, n.created_at \
             FROM ({KINDS}) n WHERE true ON CONFLICT (key) DO NOTHING"
        ),
        format!(
            "INSERT INTO boards (id, key, created_at, final_at, final_by) \
             SELECT {id}, 'source:' || n.kind || '/' || m.key, n.created_at, m.final_at, m.final_by \
             FROM ({KINDS}) n CROSS JOIN boards m WHERE m.key LIKE 'month:%' ON CONFLICT (key) DO NOTHING"
        ),
        format!(
            "INSERT INTO board_notes (id, board_id, entry_id, created_at) \
             SELECT {id}, b.id, o.entry_id, o.created_at FROM boards b JOIN boards m ON m.key = {month} \
             JOIN board_notes o ON o.board_id = m.id JOIN point_transactions p ON p.id = o.entry_id \
             WHERE {is_counted} AND {} ON CONFLICT (board_id, entry_id) DO NOTHING",
            is_of("b.key", "p.source_kind")
        ),
        format!(
            "{rows} SELECT b.id, {columns} FROM ({}) c JOIN boards b ON b.key = c.key \
             WHERE b.final_at IS NULL AND {is_counted} ON CONFLICT (board_id, user_id) DO NOTHING",
            listed_rows(engine, &of_kinds)
        ),
        format!(
            "{rows} SELECT b.id, {columns} FROM ({}) c JOIN boards b ON b.id = c.board_id \
             JOIN boards m ON m.key = {month} WHERE {is_counted} AND EXISTS (SELECT 1 FROM board_rows r \
             WHERE r.board_id = m.id AND r.user_id = c.user_id) ON CONFLICT (board_id, user_id) DO NOTHING",
            final_rows(engine, &of_kinds)
        ),
        format!(
            "INSERT INTO board_histogram (board_id, level, bucket, people) \
             SELECT h.board_id, h.level, h.bucket, h.people FROM ({}) h JOIN boards b ON b.id = h.board_id \
             WHERE {is_counted} ON CONFLICT (board_id, level, bucket) DO NOTHING",
            histogram()
        ),
    ]
}

/// Returns the statement that marks the kinds of sources whose entries count already.
pub(super) fn mark(engine: Engine) -> String {
    let id = match engine {
        Engine::Sqlite => "randomblob(16)",
        Engine::Postgres => "gen_random_uuid()",
    };
    format!(
        "INSERT INTO boards (id, key, created_at) SELECT {id}, 'kind:' || p.source_kind, min(p.created_at) \
         FROM point_transactions p WHERE p.boards <> '[]' GROUP BY p.source_kind \
         ON CONFLICT (key) DO NOTHING"
    )
}
