//! The dashboards of Grafana and the files of Prometheus ask only for metrics and labels that the program exports.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs,
    path::Path,
};

use guildhall::MODULES;
use platform::telemetry::{self, MetricKind};
use serde_json::Value;

use super::expression::names;
use crate::app::sources::root;

/// Labels that Prometheus adds to the series of a target.
const OF_TARGETS: [&str; 2] = ["instance", "job"];

/// Returns the series that a server or a worker exports, with the names of their labels.
fn exported() -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::from([("up".to_owned(), BTreeSet::new())]);
    for metric in MODULES.metrics() {
        let labels: BTreeSet<String> =
            metric.labels.iter().map(|label| label.name.to_owned()).collect();
        if metric.kind != MetricKind::Histogram {
            all.insert(metric.name.to_owned(), labels);
            continue;
        }
        for part in ["sum", "count"] {
            all.insert(format!("{}_{part}", metric.name), labels.clone());
        }
        let with_bound = labels.into_iter().chain(["le".to_owned()]).collect();
        all.insert(format!("{}_bucket", metric.name), with_bound);
    }
    let of_process = telemetry::process();
    let heads = of_process.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let own = heads.filter_map(|line| line.split(' ').next().map(str::to_owned));
    all.extend(own.map(|name| (name, BTreeSet::new())));
    all
}

/// Returns what is wrong with an expression.
fn complaints(
    expression: &str,
    exported: &BTreeMap<String, BTreeSet<String>>,
    recorded: &BTreeSet<String>,
) -> Vec<String> {
    let names = names(expression);
    let mut complaints = Vec::new();
    let mut known: BTreeSet<&str> = BTreeSet::from(OF_TARGETS);
    let mut is_recorded = false;
    for (metric, labels) in &names.metrics {
        if recorded.contains(metric) {
            is_recorded = true;
            continue;
        }
        let Some(own) = exported.get(metric) else {
            complaints.push(format!("there is no {metric}: {expression}"));
            continue;
        };
        known.extend(own.iter().map(String::as_str));
        let has = |label: &&String| own.contains(*label) || OF_TARGETS.contains(&label.as_str());
        let unknown = labels.iter().filter(|label| !has(label));
        complaints.extend(unknown.map(|label| format!("{metric} has no {label}: {expression}")));
    }
    // A recorded series has the labels by which its own expression groups, which are checked there.
    let unknown =
        names.groups.iter().filter(|label| !is_recorded && !known.contains(label.as_str()));
    complaints.extend(unknown.map(|label| format!("nothing has {label}: {expression}")));
    complaints
}

/// Returns the files of a folder of `ops` with an ending, and their texts.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let folder = root().join("ops").join(folder);
    let paths = fs::read_dir(folder).expect("the folder").map(|file| file.expect("a file").path());
    let text = |path: &Path| fs::read_to_string(path).expect("text");
    let of_kind = paths.filter(|path| path.extension() == Some(OsStr::new(ending)));
    of_kind.map(|path| (path.display().to_string(), text(&path))).collect()
}

/// Returns the expressions of all panels of a dashboard.
fn of_dashboard(part: &Value) -> Vec<String> {
    match part {
        Value::Array(all) => all.iter().flat_map(of_dashboard).collect(),
        Value::Object(all) => {
            let own = all.get("expr").and_then(Value::as_str).map(str::to_owned);
            own.into_iter().chain(all.values().flat_map(of_dashboard)).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the texts of a key of a YAML file: on its line, or in the block below it.
fn of_key(text: &str, key: &str) -> Vec<String> {
    let depth = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let own = line.trim_start_matches([' ', '-']);
        let Some(value) = own.strip_prefix(key).and_then(|rest| rest.strip_prefix(':')) else {
            continue;
        };
        let value = value.trim();
        found.push(if value.is_empty() || value.starts_with(['|', '>']) {
            let inside = |below: &&&str| below.trim().is_empty() || depth(below) > depth(line);
            let block: Vec<&str> = lines[at + 1..].iter().take_while(inside).copied().collect();
            block.join("\n")
        } else {
            unquoted(value)
        });
    }
    found
}

fn unquoted(value: &str) -> String {
    let inside = |quote: char| value.strip_prefix(quote).and_then(|it| it.strip_suffix(quote));
    match (inside('\''), inside('"')) {
        (Some(text), _) => text.replace("''", "'"),
        (_, Some(text)) => text.replace("\\\"", "\""),
        _ => value.to_owned(),
    }
}

#[test]
fn dashboards_and_rules_ask_for_exported_metrics() {
    let mut asked = Vec::new();
    for (path, text) in files("grafana", "json") {
        let dashboard: Value = serde_json::from_str(&text).expect(&path);
        let own = of_dashboard(&dashboard);
        assert!(!own.is_empty(), "{path} asks for nothing");
        asked.extend(own.into_iter().map(|expression| (path.clone(), expression)));
    }
    let mut recorded = BTreeSet::new();
    for (path, text) in files("prometheus", "yml") {
        recorded.extend(of_key(&text, "record"));
        let series = of_key(&text, "series").into_iter().chain(of_key(&text, "expr"));
        asked.extend(series.map(|expression| (path.clone(), expression)));
    }
    let exported = exported();
    let wrong = |(path, expression): &(String, String)| {
        let complaints = complaints(expression, &exported, &recorded);
        complaints.into_iter().map(|complaint| format!("{path}: {complaint}")).collect::<Vec<_>>()
    };
    let wrong: Vec<String> = asked.iter().flat_map(wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_name_that_is_not_exported_is_found() {
    let exported = exported();
    let recorded = BTreeSet::from(["lamps:lit".to_owned()]);
    for (expression, says) in [
        ("sum by (queue) (guildhall_queue_depth)", ""),
        ("rate(guildhall_job_duration_seconds_bucket{job=\"x\",le=\"1\"}[5m])", ""),
        ("process_open_fds and on (instance) guildhall_build_info", ""),
        ("sum by (pier) (lamps:lit)", ""),
        ("guildhall_lamps_total", "there is no guildhall_lamps_total"),
        ("guildhall_job_duration_seconds", "there is no guildhall_job_duration_seconds"),
        ("guildhall_queue_depth{pier=\"x\"}", "guildhall_queue_depth has no pier"),
        ("sum by (pier) (guildhall_queue_depth)", "nothing has pier"),
    ] {
        let found = complaints(expression, &exported, &recorded).join(" ");
        assert!(found.starts_with(says) && found.is_empty() == says.is_empty(), "{found}");
    }
}

#[test]
fn expressions_are_read_from_yaml() {
    let text = "rules:\n  - alert: Dark\n    expr: 'lamps{pier=''x''} > 1'\n  - expr: |\n      sum(lamps)\n\n      > 2\n    \
                for: 5m\n    - series: \"lamps{pier=\\\"x\\\"}\"\n";
    assert_eq!(of_key(text, "expr"), ["lamps{pier='x'} > 1", "      sum(lamps)\n\n      > 2"]);
    assert_eq!(of_key(text, "series"), ["lamps{pier=\"x\"}"]);
}
