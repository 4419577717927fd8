//! SQL that computes boards and histogram from the ledger, to check and to rebuild them.

use kernel::Timestamp;
use platform::db::{DbError, Engine, Sql, Tx};

use super::{
    boards::{COUNTED, LIVE},
    hidden::is_hidden,
    keys::{COUNTS, IN_SPAN, KEY, list, lists},
};
use crate::rules::LEVELS;

/// The SQL condition that an entry `p` is anyone's.
pub(crate) const ANYONE: &str = "1 = 1";

/// Returns SQL for all rows of boards that are not final: `key`, `user_id`, `points`, `merged`, `reached_at`, from the
/// entries `p` for which a condition holds and that are neither reversals nor reversed, of people who are not hidden.
pub(crate) fn board_rows(engine: Engine, of: &str) -> String {
    format!(
        "SELECT c.key, c.user_id, c.points, c.merged, c.reached_at FROM ({}) c \
         LEFT JOIN boards z ON z.key = c.key WHERE z.final_at IS NULL UNION ALL {}",
        listed_rows(engine, of),
        fed_rows(engine, of)
    )
}

/// Returns SQL for the rows of boards that entries list.
pub(crate) fn listed_rows(engine: Engine, of: &str) -> String {
    format!(
        "SELECT {KEY} AS key, p.user_id, {COUNTED} FROM point_transactions p CROSS JOIN {} \
         WHERE {of} AND {COUNTS} AND {LIVE} AND NOT {} GROUP BY {KEY}, p.user_id",
        lists(engine),
        is_hidden("p.user_id")
    )
}

/// Returns SQL for the rows of fed boards that are not final and that are not being recounted.
fn fed_rows(engine: Engine, of: &str) -> String {
    format!(
        "SELECT z.key, p.user_id, {COUNTED} FROM point_transactions p CROSS JOIN {} \
         JOIN board_feeds f ON f.source_key = a.value JOIN fed_boards d ON d.board_id = f.board_id \
         JOIN boards z ON z.id = f.board_id LEFT JOIN board_members m \
         ON m.board_id = f.board_id AND m.user_id = p.user_id \
         WHERE {of} AND z.final_at IS NULL AND NOT d.is_recounting AND EXISTS (SELECT 1 FROM board_feeds) AND {IN_SPAN} AND {LIVE} AND NOT {} \
         GROUP BY z.key, p.user_id",
        list(engine),
        is_hidden("p.user_id")
    )
}

/// Returns SQL for the rows of final boards, from the entries that were written before they became final, and for which a
/// condition on `p` holds.
pub(crate) fn final_rows(engine: Engine, of: &str) -> String {
    // Without final boards, the ledger need not be read.
    let some = "EXISTS (SELECT 1 FROM boards o WHERE o.final_at IS NOT NULL)";
    // An entry was live then if it is not noted, and not reversed or reversed by a noted entry.
    let live = "p.kind NOT IN ('REVERSAL', 'REDEMPTION') AND NOT EXISTS (SELECT 1 FROM board_notes n \
         WHERE n.board_id = z.id AND n.entry_id = p.id) AND NOT EXISTS (SELECT 1 \
         FROM point_transactions x WHERE x.reverses_id = p.id AND NOT EXISTS (SELECT 1 \
         FROM board_notes n WHERE n.board_id = z.id AND n.entry_id = x.id))";
    format!(
        "SELECT z.id AS board_id, p.user_id, {COUNTED} FROM point_transactions p CROSS JOIN {} \
         JOIN boards z ON z.key = {KEY} WHERE {of} AND {COUNTS} AND z.final_at IS NOT NULL AND {some} AND {live} \
         GROUP BY z.id, p.user_id \
         UNION ALL SELECT z.id AS board_id, p.user_id, {COUNTED} FROM point_transactions p \
         CROSS JOIN {} JOIN board_feeds f ON f.source_key = a.value \
         JOIN fed_boards d ON d.board_id = f.board_id JOIN boards z ON z.id = f.board_id \
         LEFT JOIN board_members m ON m.board_id = f.board_id AND m.user_id = p.user_id \
         WHERE {of} AND z.final_at IS NOT NULL AND {some} AND {IN_SPAN} AND {live} GROUP BY z.id, p.user_id",
        lists(engine),
        list(engine)
    )
}

/// Returns SQL for the histogram of the board rows: `board_id`, `level`, `bucket`, `people`.
pub(crate) fn histogram() -> String {
    let level = |(level, shift): (usize, &u32)| {
        format!(
            "SELECT board_id, {level} AS level, points >> {shift} AS bucket, count(*) AS people \
             FROM board_rows GROUP BY board_id, points >> {shift}"
        )
    };
    let levels: Vec<String> = LEVELS.iter().enumerate().map(level).collect();
    levels.join(" UNION ALL ")
}

/// Replaces the rows of all boards that are not final with those computed from the ledger, and all of the histogram. The
/// rows of final boards stay, because they are what was declared final.
pub(crate) async fn rewrite_boards(tx: &Tx, now: Timestamp) -> Result<(), DbError> {
    tx.run(tx.statement("DELETE FROM board_histogram", [])).await?;
    let open = "DELETE FROM board_rows WHERE NOT EXISTS (SELECT 1 FROM boards b \
                WHERE b.id = board_rows.board_id AND b.final_at IS NOT NULL)";
    tx.run(tx.statement(open, [])).await?;
    let recounted = "UPDATE fed_boards SET is_recounting = false, recounted_to = NULL";
    tx.run(tx.statement(recounted, [])).await?;
    let rows = format!(
        "INSERT INTO board_rows (board_id, user_id, points, descending_points, merged, reached_at, updated_at) \
         SELECT b.id, c.user_id, c.points, -c.points, c.merged, c.reached_at, $1 \
         FROM ({}) c JOIN boards b ON b.key = c.key",
        board_rows(tx.engine(), ANYONE)
    );
    tx.run(tx.statement(&rows, [now.into()])).await?;
    tx.run(tx.statement(&insert_histogram(), [])).await?;
    Ok(())
}

/// Returns SQL that inserts the rows of the boards that entries list, as the tables were when boards got their months,
/// with `now` as the time of their last change.
pub(super) fn insert_rows(engine: Engine, now: &str) -> String {
    format!(
        "INSERT INTO board_rows (board_id, user_id, points, descending_points, reached_at, updated_at) \
         SELECT b.id, c.user_id, c.points, -c.points, c.reached_at, {now} \
         FROM ({}) c JOIN boards b ON b.key = c.key",
        listed_rows(engine, ANYONE)
    )
}

/// Returns SQL that inserts the histogram of the board rows.
pub(super) fn insert_histogram() -> String {
    format!(
        "INSERT INTO board_histogram (board_id, level, bucket, people) \
         SELECT board_id, level, bucket, people FROM ({}) h",
        histogram()
    )
}
