//! The series of `/metrics`: those of a recorded answer, which dashboards show, are all still there.

use std::{collections::BTreeSet, env, fs};

use super::{demo::Demo, lines};

const RECORDED: &str = include_str!("scrape.txt");

/// The endings of the series of a histogram.
const PARTS: [&str; 3] = ["_bucket", "_count", "_sum"];

/// Returns the series of an answer of `/metrics`: the name and the names of the labels, sorted, such as
/// `guildhall_queue_depth queue`.
fn series(answer: &str) -> BTreeSet<String> {
    let lines = answer.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(of_line).collect()
}

fn of_line(line: &str) -> String {
    let (name, rest) = line.split_at(line.find(['{', ' ']).unwrap_or(line.len()));
    let parts: Vec<&str> = rest.split("=\"").collect();
    let before_values = parts.iter().take(parts.len() - 1);
    let mut labels: Vec<&str> =
        before_values.map(|part| part.rsplit(['{', ',']).next().unwrap_or_default()).collect();
    labels.sort_unstable();
    labels.insert(0, name);
    labels.join(" ")
}

/// Returns the metrics of an answer with their labels, in which a histogram is one metric.
pub(super) fn metrics(answer: &str) -> BTreeSet<String> {
    let whole = |one: String| {
        let mut words = one.split(' ');
        let name = words.next().unwrap_or_default();
        let name = PARTS.iter().find_map(|part| name.strip_suffix(part)).unwrap_or(name);
        let labels = words.filter(|label| *label != "le");
        std::iter::once(name).chain(labels).collect::<Vec<_>>().join(" ")
    };
    series(answer).into_iter().map(whole).collect()
}

/// Returns the recorded series that the demo does not have. With `UPDATE_SCRAPE`, adds its new ones to the record.
pub(super) fn missing(demo: &Demo) -> Vec<String> {
    let (recorded, present) = (lines(RECORDED), series(&demo.scrape));
    if env::var_os("UPDATE_SCRAPE").is_some() {
        let mut all = present.clone();
        all.extend(recorded.iter().map(|line| (*line).to_owned()));
        let all: Vec<String> = all.into_iter().collect();
        let about = RECORDED.lines().next().unwrap_or_default();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/promised/scrape.txt");
        fs::write(path, format!("{about}\n{}\n", all.join("\n"))).expect("written");
    }
    let missing = recorded.into_iter().filter(|line| !present.contains(*line));
    missing.map(|line| format!("series: {line}")).collect()
}

#[test]
fn series_are_read_from_an_answer() {
    let answer = "# TYPE one counter\none 3\ntwo{route=\"/a/{b},c\",method=\"GET\"} 1\n\
                  three_bucket{job=\"x\",le=\"+Inf\"} 2\nthree_sum{job=\"x\"} 2\n# EOF\n";
    let found: Vec<String> = series(answer).into_iter().collect();
    assert_eq!(found, ["one", "three_bucket job le", "three_sum job", "two method route"]);
    let found: Vec<String> = metrics(answer).into_iter().collect();
    assert_eq!(found, ["one", "three job", "two method route"]);
}
