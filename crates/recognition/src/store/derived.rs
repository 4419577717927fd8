//! What follows from the ledger alone, as plain SQL: for checking it and for making it anew.

use platform::db::Engine;

use crate::rules::LEVELS;

/// Each person's total: `user_id`, `points`.
pub(crate) const TOTALS: &str = "SELECT user_id, CAST(sum(points) AS bigint) AS points \
     FROM point_transactions WHERE kind <> 'REDEMPTION' GROUP BY user_id";

/// Each board's rows: `key`, `user_id`, `points`, `reached_at`, from the entries that are neither
/// reversals nor reversed.
pub(crate) fn board_rows(engine: Engine) -> String {
    let expand = match engine {
        Engine::Sqlite => "json_each(p.boards) j",
        Engine::Postgres => "LATERAL jsonb_array_elements_text(p.boards::jsonb) AS j(value)",
    };
    format!(
        "SELECT j.value AS key, p.user_id, CAST(sum(p.points) AS bigint) AS points, \
         max(p.occurred_at) AS reached_at FROM point_transactions p CROSS JOIN {expand} \
         WHERE p.kind NOT IN ('REVERSAL', 'REDEMPTION') \
         AND NOT EXISTS (SELECT 1 FROM point_transactions x WHERE x.reverses_id = p.id) \
         GROUP BY j.value, p.user_id"
    )
}

/// The histogram of the board rows: `board_id`, `level`, `bucket`, `people`.
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
