use crate::model::{GLOBAL, WITHIN};

/// The beginning of a month's key.
const MONTH: &str = "month:";

/// Returns the keys of the boards that points count on: those `listed` with them, and for each listed month the parts
/// of the other boards that were earned in it. `store::keys` says the same in SQL.
#[must_use]
pub fn counted_on(listed: &[String]) -> Vec<String> {
    let is_month = |key: &&String| key.starts_with(MONTH);
    let months: Vec<&String> = listed.iter().filter(is_month).collect();
    let others = listed.iter().filter(|key| !is_month(key) && *key != GLOBAL);
    let within = others.flat_map(|key| {
        let part = move |month: &&String| format!("{key}{WITHIN}{month}");
        months.iter().copied().map(|month| part(&month)).collect::<Vec<_>>()
    });
    listed.iter().cloned().chain(within).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_also_count_on_the_months_of_other_boards() {
        for (listed, expected) in [
            (&[][..], &[][..]),
            (&["global"], &["global"]),
            (&["global", "month:2026-10"], &["global", "month:2026-10"]),
            (&["project:1"], &["project:1"]),
            (
                &["global", "month:2026-10", "project:1", "team:2"],
                &[
                    "global",
                    "month:2026-10",
                    "project:1",
                    "team:2",
                    "project:1/month:2026-10",
                    "team:2/month:2026-10",
                ],
            ),
        ] {
            let listed: Vec<String> = listed.iter().map(ToString::to_string).collect();
            assert_eq!(counted_on(&listed), expected);
        }
    }
}
