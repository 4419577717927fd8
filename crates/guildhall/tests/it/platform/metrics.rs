//! Metrics: each is declared once, with a name of its kind; the documentation lists each; and every outgoing call is measured.

use std::{collections::BTreeSet, fs};

use guildhall::MODULES;
use platform::telemetry::MetricKind;

use crate::app::sources::{self, root};

/// Returns the names that the first cells of the table of metrics have.
fn listed() -> Vec<(String, String)> {
    let page = fs::read_to_string(root().join("docs/operations.md")).expect("the page");
    let section = page.split("\n## Metrics\n").nth(1).expect("the section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let row = |row: &str| {
        let mut cells = row.split(" | ").map(|cell| cell.trim_matches('`').to_owned());
        Some((cells.next()?, cells.next()?))
    };
    rows.filter_map(row).collect()
}

#[test]
fn the_documentation_lists_every_metric() {
    let kind = |kind| match kind {
        MetricKind::Counter => "counter",
        MetricKind::Gauge => "gauge",
        MetricKind::Histogram => "histogram",
    };
    let all = MODULES.metrics();
    let declared = all.iter().map(|metric| (metric.name.to_owned(), kind(metric.kind).to_owned()));
    let declared: BTreeSet<_> = declared.collect();
    assert_eq!(declared.len(), all.len(), "each is declared once");
    let listed = listed().into_iter().filter(|(name, _)| !name.starts_with("process_"));
    let listed: BTreeSet<_> = listed.collect();
    assert_eq!(declared, listed, "docs/operations.md lists every metric with its kind");
}

#[test]
fn a_name_and_a_meaning_fit_both_formats() {
    for metric in MODULES.metrics() {
        let (name, is_counter) = (metric.name, metric.kind == MetricKind::Counter);
        assert_eq!(name.ends_with("_total"), is_counter, "{name}");
        let is_duration = metric.kind == MetricKind::Histogram;
        assert!(!is_duration || name.ends_with("_seconds"), "{name} has buckets");
        assert!(metric.help.ends_with('.') && !metric.help.contains(['"', '\\', '\n']), "{name}");
    }
}

#[test]
fn only_declared_metrics_are_recorded() {
    for source in sources::of_modules() {
        for (path, text) in &source.files {
            let is_declaration = path.ends_with("telemetry/metric.rs");
            let records = ["counter!(", "gauge!(", "histogram!("];
            let records = records.iter().any(|mark| text.contains(&format!("metrics::{mark}")));
            assert!(is_declaration || !records, "{}: declare a Metric", path.display());
        }
    }
}

#[test]
fn every_request_to_another_service_is_measured() {
    for source in sources::of_modules() {
        for (path, text) in &source.files {
            // The collector of traces measures with its own name.
            let is_measure = ["outside/measure.rs", "telemetry/collector.rs", "tests.rs"]
                .iter()
                .any(|measures| path.ends_with(measures));
            let sends = text.contains(".send()");
            assert!(is_measure || !sends, "{}: use outside::send", path.display());
        }
    }
}
