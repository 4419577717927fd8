//! SQL expressions that count on boards, used by the queries of boards.

use std::fmt::Write as _;

use platform::db::Engine;

use crate::rules::LEVELS;

/// The position of a row, in the order of the boards' index.
pub(super) const PLACE: &str = "descending_points, reached_at, user_id";

/// Returns SQL for the ID of the board with a key. It is a scalar, so that both engines evaluate it before
/// they plan how to read the board.
pub(super) fn board(key: &str) -> String {
    format!("(SELECT id FROM boards WHERE key = {key})")
}

/// Returns SQL for the negated points of the people at position `rank` (counted from 1; the last position
/// when there are fewer). It descends the levels from the widest buckets to single points, each time into
/// the bucket in which the count from above reaches the rank.
pub(super) fn at_rank(engine: Engine, board: &str, rank: &str) -> String {
    match engine {
        Engine::Sqlite => at_rank_in_steps(board, rank),
        Engine::Postgres => at_rank_laterally(board, rank),
    }
}

/// Counts only until the rank is reached. Each level is a lateral join, which PostgreSQL can only read by the index: it
/// scanned whole levels when they were joined in steps.
fn at_rank_laterally(board: &str, rank: &str) -> String {
    let widest = LEVELS.len();
    let mut sql = format!(
        "(SELECT -w0.bucket FROM (SELECT least(CAST(sum(people) AS bigint), {rank}) AS wanted \
         FROM board_histogram WHERE board_id = {board} AND level = {}) AS w{widest}",
        widest - 1
    );
    for level in (0..widest).rev() {
        let wider = level + 1;
        let within = LEVELS.get(wider).map_or(String::new(), |shift| {
            let narrowing = shift - LEVELS[level];
            format!(
                " AND bucket >= (w{wider}.bucket << {narrowing}) \
                 AND bucket < ((w{wider}.bucket + 1) << {narrowing}) \
                 ORDER BY bucket DESC LIMIT {}",
                1 << narrowing
            )
        });
        write!(
            sql,
            " CROSS JOIN LATERAL (SELECT bucket, w{wider}.wanted - upto + people AS wanted \
             FROM (SELECT bucket, people, CAST(sum(people) OVER (ORDER BY bucket DESC \
             ROWS UNBOUNDED PRECEDING) AS bigint) AS upto FROM (SELECT bucket, people \
             FROM board_histogram WHERE board_id = {board} AND level = {level}{within}) AS h{level}\
             ) AS counted{level} WHERE upto >= w{wider}.wanted ORDER BY bucket DESC LIMIT 1) AS w{level}"
        )
        .ok();
    }
    sql.push(')');
    sql
}

/// Finds the bucket of each level in a common table expression, because SQLite has no lateral joins.
fn at_rank_in_steps(board: &str, rank: &str) -> String {
    let widest = LEVELS.len();
    let mut sql = format!(
        "(WITH found_{widest} AS (SELECT CAST(0 AS bigint) AS bucket, CASE WHEN total < {rank} \
         THEN total ELSE {rank} END AS wanted FROM (SELECT CAST(sum(people) AS bigint) AS total \
         FROM board_histogram WHERE board_id = {board} AND level = {}) AS everyone)",
        widest - 1
    );
    for level in (0..widest).rev() {
        let wider = level + 1;
        let within = LEVELS.get(wider).map_or(String::new(), |shift| {
            let narrowing = shift - LEVELS[level];
            format!(
                "AND h.bucket >= (w.bucket << {narrowing}) \
                 AND h.bucket < ((w.bucket + 1) << {narrowing})"
            )
        });
        write!(
            sql,
            ", counted_{level} AS (SELECT h.bucket, h.people, w.wanted, \
             CAST(sum(h.people) OVER (ORDER BY h.bucket DESC) AS bigint) AS upto \
             FROM found_{wider} w CROSS JOIN board_histogram h WHERE h.board_id = {board} \
             AND h.level = {level} AND h.people > 0 {within}), \
             found_{level} AS (SELECT bucket, wanted - (upto - people) AS wanted \
             FROM counted_{level} WHERE upto >= wanted ORDER BY upto LIMIT 1)"
        )
        .ok();
    }
    sql.push_str(" SELECT -bucket FROM found_0)");
    sql
}

/// Returns SQL for the position up to `before` − 1 rows before a person's; NULL when they are not on the
/// board.
pub(super) fn before_person(board: &str, person: &str, before: &str) -> String {
    format!(
        "(SELECT {PLACE} FROM (SELECT {PLACE} FROM board_rows WHERE board_id = {board} \
         AND ({PLACE}) <= (SELECT {PLACE} FROM board_rows WHERE board_id = {board} \
         AND user_id = {person}) ORDER BY descending_points DESC, reached_at DESC, user_id DESC \
         LIMIT {before}) AS earlier ORDER BY {PLACE} LIMIT 1)"
    )
}

/// Returns SQL that counts the people with more than `points`: the higher buckets on each level, within the
/// wider bucket that contains `points`.
pub(super) fn above_sql(board: &str, points: &str) -> String {
    let mut sql = String::from("(SELECT coalesce(sum(n), 0) FROM (");
    for (level, shift) in LEVELS.iter().enumerate() {
        if level > 0 {
            sql.push_str(" UNION ALL ");
        }
        // A wider bucket contains so few buckets that the limit excludes none. PostgreSQL does not know that.
        let within = LEVELS.get(level + 1).map_or(String::new(), |wider| {
            let narrowing = wider - shift;
            format!(
                " AND bucket < ((({points} >> {wider}) + 1) << {narrowing}) LIMIT {}",
                1 << narrowing
            )
        });
        write!(
            sql,
            "SELECT sum(people) AS n FROM (SELECT people FROM board_histogram \
             WHERE board_id = {board} AND level = {level} AND bucket > ({points} >> {shift}){within}\
             ) AS level{level}"
        )
        .ok();
    }
    sql.push_str(") AS above)");
    sql
}

/// Returns SQL for the number of people with exactly `points`; NULL when no one ever had them.
pub(super) fn sharing_sql(board: &str, points: &str) -> String {
    format!(
        "(SELECT people FROM board_histogram WHERE board_id = {board} AND level = 0 \
         AND bucket = {points})"
    )
}

/// Returns SQL for the number of people on a board; NULL when no one ever was.
pub(super) fn people_sql(board: &str) -> String {
    format!(
        "(SELECT CAST(sum(people) AS bigint) FROM board_histogram WHERE board_id = {board} \
         AND level = {})",
        LEVELS.len() - 1
    )
}

/// Returns SQL for the lowest points above `points` that anyone has.
pub(super) fn better_sql(board: &str, points: &str) -> String {
    format!(
        "(SELECT -n.descending_points FROM board_rows n WHERE n.board_id = {board} \
         AND n.descending_points < -{points} ORDER BY n.descending_points DESC LIMIT 1)"
    )
}

/// Returns SQL for the person with the lowest points above `points`, the last of them to get there.
pub(super) fn next_person_sql(board: &str, points: &str) -> String {
    format!(
        "(SELECT n.user_id FROM board_rows n WHERE n.board_id = {board} \
         AND n.descending_points < -{points} \
         ORDER BY n.descending_points DESC, n.reached_at DESC, n.user_id DESC LIMIT 1)"
    )
}

/// Returns SQL for the highest points below `points` that anyone has.
pub(super) fn lower_sql(board: &str, points: &str) -> String {
    format!(
        "(SELECT -n.descending_points FROM board_rows n WHERE n.board_id = {board} \
         AND n.descending_points > -{points} ORDER BY n.descending_points LIMIT 1)"
    )
}

#[cfg(test)]
mod tests {
    use kernel::Points;

    use super::*;
    use crate::rules::buckets;

    /// Counts as the SQL of `above_sql` does.
    fn above_by_levels(people: &[Points], points: Points) -> usize {
        let within = |level: usize, other: Points| {
            LEVELS.get(level + 1).is_none_or(|wider| other >> wider == points >> wider)
        };
        (0..LEVELS.len())
            .map(|level| {
                let counted = |other: &&Points| {
                    buckets(**other)[level].1 > buckets(points)[level].1 && within(level, **other)
                };
                people.iter().filter(counted).count()
            })
            .sum()
    }

    #[test]
    fn the_levels_count_everyone_above_once() {
        let people: Vec<Points> = (-9_000..600_000).step_by(61).collect();
        for points in [-9_000, -65, -1, 0, 1, 63, 64, 4_095, 4_096, 262_143, 262_144, 599_999] {
            let expected = people.iter().filter(|other| **other > points).count();
            assert_eq!(above_by_levels(&people, points), expected, "{points}");
        }
    }
}
