//! SQL that computes boards and histogram from the ledger, to check and to rebuild them.

use kernel::Timestamp;
use platform::db::{DbError, Engine, Sql, Tx};

use super::{
    hidden::is_hidden,
    keys::{COUNTS, KEY, lists},
};
use crate::rules::LEVELS;

/// Returns SQL for all board rows: `key`, `user_id`, `points`, `reached_at`, from the entries that are
/// neither reversals nor reversed, of people who are not hidden.
pub(crate) fn board_rows(engine: Engine) -> String {
    format!(
        "SELECT {KEY} AS key, p.user_id, CAST(sum(p.points) AS bigint) AS points, \
         max(p.occurred_at) AS reached_at FROM point_transactions p CROSS JOIN {} \
         WHERE {COUNTS} AND p.kind NOT IN ('REVERSAL', 'REDEMPTION') \
         AND NOT EXISTS (SELECT 1 FROM point_transactions x WHERE x.reverses_id = p.id) \
         AND NOT {} GROUP BY {KEY}, p.user_id",
        lists(engine),
        is_hidden("p.user_id")
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

/// Replaces all board rows and the histogram with those computed from the ledger.
pub(crate) async fn rewrite_boards(tx: &Tx, now: Timestamp) -> Result<(), DbError> {
    tx.run(tx.statement("DELETE FROM board_histogram", []))
        .await?;
    tx.run(tx.statement("DELETE FROM board_rows", [])).await?;
    let rows = insert_rows(tx.engine(), "$1");
    tx.run(tx.statement(&rows, [now.into()])).await?;
    tx.run(tx.statement(&insert_histogram(), [])).await?;
    Ok(())
}

/// Returns SQL that inserts all board rows, with `now` as the time of their last change.
pub(super) fn insert_rows(engine: Engine, now: &str) -> String {
    format!(
        "INSERT INTO board_rows (board_id, user_id, points, descending_points, reached_at, updated_at) \
         SELECT b.id, c.user_id, c.points, -c.points, c.reached_at, {now} \
         FROM ({}) c JOIN boards b ON b.key = c.key",
        board_rows(engine)
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
