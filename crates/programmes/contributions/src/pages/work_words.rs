//! The words beside the list of all work.

use kernel::{counted, first_words};
use platform::module::PanelFigure;
use ui::format::{Number, tame};

/// The maximum number of characters of a description.
const OPENING: usize = 220;

/// Returns the figures of the reviews, the flags and the disputes of a week, without those that are zero.
pub(super) fn figures([reviewed, flags, disputes]: [i64; 3]) -> Vec<PanelFigure> {
    let figures = [
        ("Reviews", reviewed, ("pull request", "pull requests")),
        ("Flags", flags, ("decided", "decided")),
        ("Disputes", disputes, ("decided", "decided")),
    ];
    let figure = |(label, count, (one, many)): (&'static str, i64, (&str, &str))| PanelFigure {
        label,
        value: Number(count).to_string(),
        detail: if count == 1 { one } else { many }.to_owned(),
        rows: None,
    };
    figures.into_iter().filter(|(_, count, _)| *count > 0).map(figure).collect()
}

/// Says how the checks ended; empty without any.
pub(super) fn checks(passed: i64, failed: i64) -> String {
    match (passed, failed) {
        (0, 0) => String::new(),
        (passed, 0) => format!("{} passed", counted(passed, "check", "checks")),
        (passed, failed) => {
            format!("{} of {} failed", Number(failed), counted(passed + failed, "check", "checks"))
        }
    }
}

/// Returns the first paragraph of a description, cut, without headings, comments, pictures and code. Empty if it has none.
pub(super) fn opening(description: &str) -> String {
    let is_text = |paragraph: &&str| {
        let begins = |mark: &&str| paragraph.starts_with(mark);
        !paragraph.is_empty() && !["#", "<", "!", "```", "|", "---"].iter().any(begins)
    };
    let lines = description.replace("\r\n", "\n");
    let first = lines.split("\n\n").map(str::trim).find(is_text).unwrap_or_default();
    let text = tame(&first.split_whitespace().collect::<Vec<_>>().join(" "));
    first_words(&text, OPENING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_begins_with_its_first_paragraph() {
        let long = format!("{} end", "word ".repeat(60));
        let cut = format!("{}…", ["word"; 44].join(" "));
        for (description, words) in [
            ("", ""),
            ("## Steps\r\n\r\nOpen the\r\nmap.\r\n\r\nThen close it.", "Open the map."),
            ("<!-- template -->\n\n![a](b)\n\nIt *fails*.", "It *fails*."),
            ("```\ncode\n```", ""),
            (&long, &cut),
        ] {
            assert_eq!(opening(description), words, "{description}");
        }
    }

    #[test]
    fn checks_are_counted() {
        for (passed, failed, words) in [
            (0, 0, ""),
            (1, 0, "1 check passed"),
            (3, 0, "3 checks passed"),
            (2, 1, "1 of 3 checks failed"),
            (0, 1, "1 of 1 check failed"),
        ] {
            assert_eq!(checks(passed, failed), words);
        }
    }

    #[test]
    fn a_week_has_the_figures_that_are_not_zero() {
        let words: Vec<String> = figures([9, 0, 1])
            .iter()
            .map(|figure| format!("{} {} {}", figure.label, figure.value, figure.detail))
            .collect();
        assert_eq!(words, ["Reviews 9 pull requests", "Disputes 1 decided"]);
        assert!(figures([0; 3]).is_empty());
    }
}
