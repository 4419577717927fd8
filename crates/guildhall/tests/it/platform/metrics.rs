//! Metrics: the documentation lists each, and every outgoing call is measured.

use std::{collections::BTreeSet, fs};

use crate::app::sources::{self, root};

/// Returns the names in a text that begin like a metric.
fn names(text: &str) -> BTreeSet<String> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = text.split(|c: char| !is_of_name(c));
    let is_metric = |word: &&str| word.starts_with("guildhall_") || word.starts_with("process_");
    words.filter(is_metric).map(str::to_owned).collect()
}

/// Returns the first literal after each mark.
fn literals<'a>(text: &'a str, mark: &str) -> Vec<&'a str> {
    let after = text.split(mark).skip(1);
    let literal = |rest: &'a str| rest.trim_start().strip_prefix('"')?.split('"').next();
    after.filter_map(literal).collect()
}

#[test]
fn the_documentation_lists_every_metric() {
    let mut used = BTreeSet::new();
    for source in sources::of_modules() {
        let text = source.text();
        for mark in ["counter!(", "gauge!(", "histogram!("] {
            used.extend(literals(&text, mark).into_iter().flat_map(names));
        }
        // Names in constants, and those of the process.
        for mark in [": &str = ", "(\n            ", "(\n        "] {
            let quantities = [
                "_total",
                "_seconds",
                "_bytes",
                "_fds",
                "connections",
                "_max",
                "_waiting",
            ];
            let found = literals(&text, mark).into_iter().flat_map(names);
            used.extend(found.filter(|name| quantities.iter().any(|end| name.ends_with(end))));
        }
    }
    assert!(used.len() > 20, "{used:?}");
    let page = fs::read_to_string(root().join("docs/operations.md")).expect("the page");
    let section = page.split("\n## Metrics\n").nth(1).expect("the section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let listed: BTreeSet<String> = rows.flat_map(names).collect();
    assert_eq!(used, listed, "docs/operations.md lists every metric");
}

#[test]
fn every_request_to_another_service_is_measured() {
    for source in sources::of_modules() {
        for (path, text) in &source.files {
            let is_measure = path.ends_with("outside/measure.rs") || path.ends_with("tests.rs");
            let sends = text.contains(".send()");
            assert!(
                is_measure || !sends,
                "{}: use outside::send",
                path.display()
            );
        }
    }
}
