//! The names in an expression of Prometheus' query language.

use std::collections::BTreeSet;

/// Words before a list of labels.
const GROUPING: [&str; 6] = ["by", "without", "on", "ignoring", "group_left", "group_right"];

/// Words that are neither metrics nor, with a parenthesis right after them, functions.
const WORDS: [&str; 18] = [
    "and", "avg", "bool", "bottomk", "count", "group", "inf", "max", "min", "nan", "offset", "or",
    "quantile", "stddev", "stdvar", "sum", "topk", "unless",
];

/// The metrics of an expression, each with the labels that are compared, and the labels by which it groups.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) metrics: Vec<(String, BTreeSet<String>)>,
    pub(super) groups: BTreeSet<String>,
}

/// Reads the metrics and labels, without checking the grammar.
pub(super) fn names(expression: &str) -> Names {
    let mut names = Names::default();
    let mut rest = expression;
    while let Some(first) = rest.chars().next() {
        let is_name = first.is_ascii_alphabetic() || first == '_';
        rest = match first {
            '"' | '\'' => after_text(rest),
            '[' => rest.split_once(']').map_or("", |(_, after)| after),
            _ if is_name => names.take(rest),
            // Numbers and durations, such as `1e6` and `5m`.
            _ if first.is_ascii_digit() => rest.trim_start_matches(in_name),
            _ => &rest[first.len_utf8()..],
        };
    }
    names
}

impl Names {
    /// Reads the word at the beginning, with its labels. Returns what follows.
    fn take<'a>(&mut self, text: &'a str) -> &'a str {
        let end = text.find(|c| !in_name(c)).unwrap_or(text.len());
        let (word, after) = text.split_at(end);
        let after = after.trim_start();
        if GROUPING.contains(&word) {
            let Some((list, rest)) = after.strip_prefix('(').and_then(|it| it.split_once(')'))
            else {
                return after;
            };
            let labels = list.split(',').map(str::trim).filter(|label| !label.is_empty());
            self.groups.extend(labels.map(str::to_owned));
            return rest;
        }
        if WORDS.contains(&word) || after.starts_with('(') {
            return after;
        }
        let mut labels = BTreeSet::new();
        let rest = match after.strip_prefix('{') {
            Some(inside) => compared(inside, &mut labels),
            None => after,
        };
        self.metrics.push((word.to_owned(), labels));
        rest
    }
}

/// Reads the labels of a selector, after its opening brace. Returns what follows its closing brace.
fn compared<'a>(mut rest: &'a str, labels: &mut BTreeSet<String>) -> &'a str {
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '}' => return &rest[1..],
            '"' | '\'' => after_text(rest),
            _ if in_name(first) => {
                let end = rest.find(|c| !in_name(c)).unwrap_or(rest.len());
                labels.insert(rest[..end].to_owned());
                &rest[end..]
            }
            _ => &rest[first.len_utf8()..],
        };
    }
    rest
}

/// Returns what follows the quoted text at the beginning.
fn after_text(text: &str) -> &str {
    let mut characters = text.char_indices();
    let quote = characters.next().map(|(_, quote)| quote);
    while let Some((at, c)) = characters.next() {
        if c == '\\' {
            characters.next();
        } else if Some(c) == quote {
            return &text[at + c.len_utf8()..];
        }
    }
    ""
}

fn in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == ':'
}

#[test]
fn metrics_and_labels_are_found_in_an_expression() {
    for (expression, metrics, groups) in [
        ("lamps", "lamps", ""),
        (
            "sum(rate(lamps_total{pier=\"by (x)\",color!~'a}'}[5m])) / 1e6",
            "lamps_total color pier",
            "",
        ),
        ("max by (pier, color) (lamps) > 0 and on (pier) ships{}", "lamps|ships", "color pier"),
        (
            "topk(10, histogram_quantile(0.95, sum by (le) (rate(turn_bucket[$__range]))))",
            "turn_bucket",
            "le",
        ),
        ("lamps offset 5m unless lamps:lit", "lamps|lamps:lit", ""),
        (
            "clamp_max(lamps{a=\"\\\"}\"}, 1) * ignoring (b) group_left () ships",
            "lamps a|ships",
            "b",
        ),
    ] {
        let found = names(expression);
        let whole = |(name, labels): &(String, BTreeSet<String>)| {
            let labels = labels.iter().map(String::as_str);
            std::iter::once(name.as_str()).chain(labels).collect::<Vec<_>>().join(" ")
        };
        let all: Vec<String> = found.metrics.iter().map(whole).collect();
        assert_eq!(all.join("|"), metrics, "{expression}");
        let all: Vec<String> = found.groups.into_iter().collect();
        assert_eq!(all.join(" "), groups, "{expression}");
    }
}
