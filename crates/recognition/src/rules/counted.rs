use crate::model::{GLOBAL, WITHIN, source_board};

/// The beginning of a month's key.
const MONTH: &str = "month:";

/// Returns the keys of the boards that points from a kind of source count on: those `listed` with them, that of the kind, and
/// for each listed month the parts of the other boards that were earned in it. `store::keys` says the same in SQL. The
/// boards of the kind need not exist.
#[must_use]
pub fn counted_on(listed: &[String], kind: &str) -> Vec<String> {
    if listed.is_empty() {
        return Vec::new();
    }
    let mut all = listed.to_vec();
    all.push(source_board(kind));
    let is_month = |key: &&String| key.starts_with(MONTH);
    let months: Vec<&String> = listed.iter().filter(is_month).collect();
    let others = all.iter().filter(|key| !is_month(key) && *key != GLOBAL);
    let within: Vec<String> = others
        .flat_map(|key| months.iter().map(move |month| format!("{key}{WITHIN}{month}")))
        .collect();
    all.extend(within);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_also_count_on_their_source_and_on_the_months_of_other_boards() {
        for (listed, expected) in [
            (&[][..], &[][..]),
            (&["global"], &["global", "source:merge"]),
            (
                &["global", "month:2026-10"],
                &["global", "month:2026-10", "source:merge", "source:merge/month:2026-10"],
            ),
            (&["project:1"], &["project:1", "source:merge"]),
            (
                &["global", "month:2026-10", "project:1", "team:2"],
                &[
                    "global",
                    "month:2026-10",
                    "project:1",
                    "team:2",
                    "source:merge",
                    "project:1/month:2026-10",
                    "team:2/month:2026-10",
                    "source:merge/month:2026-10",
                ],
            ),
        ] {
            let listed: Vec<String> = listed.iter().map(ToString::to_string).collect();
            assert_eq!(counted_on(&listed, "merge"), expected);
        }
    }
}
