//! SQL that joins a ledger entry `p` with the boards that it counts on, as `rules::counted_on` says.

use platform::db::Engine;

/// SQL for the key of a board, in a join with [`lists`] under the condition [`COUNTS`].
pub(crate) const KEY: &str =
    "CASE WHEN a.value = m.value THEN a.value ELSE a.value || '/' || m.value END";

/// The SQL condition that two listed keys are those of a board: the same one twice, or a board and a month.
pub(crate) const COUNTS: &str = "(a.value = m.value OR (m.value LIKE 'month:%' \
     AND a.value <> 'global' AND a.value NOT LIKE 'month:%'))";

/// The SQL condition that an entry counts on a fed board `d`, for a person with or without a span of their own `m`.
pub(crate) const IN_SPAN: &str = "p.occurred_at >= coalesce(m.starts_at, d.starts_at) \
     AND p.occurred_at < coalesce(m.ends_at, d.ends_at)";

/// Returns the SQL table of the keys that an entry lists.
pub(crate) fn list(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "json_each(p.boards) a",
        Engine::Postgres => "LATERAL jsonb_array_elements_text(p.boards::jsonb) AS a(value)",
    }
}

/// Returns the SQL tables of the keys that an entry counts by, twice: those that it lists, and that of its kind of source if
/// there is such a board.
pub(crate) fn lists(engine: Engine) -> String {
    let has_source = "p.boards <> '[]' AND EXISTS (SELECT 1 FROM boards k \
                      WHERE k.key = 'source:' || p.source_kind)";
    match engine {
        Engine::Sqlite => {
            let keys = format!(
                "json_each(CASE WHEN {has_source} \
                 THEN json_insert(p.boards, '$[#]', 'source:' || p.source_kind) ELSE p.boards END)"
            );
            format!("{keys} a CROSS JOIN {keys} m")
        }
        Engine::Postgres => {
            let keys = format!(
                "LATERAL jsonb_array_elements_text(CASE WHEN {has_source} \
                 THEN p.boards::jsonb || to_jsonb('source:' || p.source_kind) \
                 ELSE p.boards::jsonb END)"
            );
            format!("{keys} AS a(value) CROSS JOIN {keys} AS m(value)")
        }
    }
}
