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

/// Returns the literals in the source that are names of metrics.
fn used() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for source in sources::of_modules() {
        for literal in source.text().split('"') {
            found.extend(names(literal).into_iter().filter(|name| name == literal));
        }
    }
    // Secrets begin with a literal that ends like this.
    let (secrets, metrics): (BTreeSet<_>, BTreeSet<_>) =
        found.into_iter().partition(|name| name.ends_with('_'));
    let is_secret = |name: &String| secrets.iter().any(|start| name.starts_with(start));
    metrics.into_iter().filter(|name| !is_secret(name)).collect()
}

#[test]
fn the_documentation_lists_every_metric() {
    let used = used();
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
            assert!(is_measure || !sends, "{}: use outside::send", path.display());
        }
    }
}
