//! Every name that operators, their dashboards and their programs rely on: each is looked for in the loaded demo, so
//! that a change that renames one, or leaves one out, fails here. The files in `names` say where each kind is looked for.

mod asked;
mod demo;
mod listed;
mod scrape;
pub(crate) mod statements;

use std::{collections::BTreeSet, fs, path::Path};

use self::demo::Demo;
use crate::process::print_line;

macro_rules! names {
    ($($kind:literal),+ $(,)?) => {
        &[$(($kind, include_str!(concat!("names/", $kind, ".txt")))),+]
    };
}

const NAMES: &[(&str, &str)] = names![
    "alert",
    "answer",
    "api",
    "badge",
    "board",
    "code",
    "column",
    "column_of_programmes",
    "command",
    "criterion",
    "default",
    "event",
    "exit_code",
    "field",
    "flag",
    "guide",
    "header",
    "job",
    "log_target",
    "metric",
    "notification",
    "occasional_metric",
    "page",
    "parameter",
    "problem",
    "queue",
    "role",
    "scope",
    "table",
    "threshold",
    "value",
    "variable",
];

/// Returns the lines of a list without its first one, which describes the list.
fn lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.starts_with("# ")).collect()
}

/// Returns the names that the demo does not have.
async fn missing(demo: &Demo, kind: &str, names: &[&str]) -> Vec<String> {
    let listed = listed::listed(demo, kind).await;
    let mut missing = Vec::new();
    for name in names {
        let is_there = match &listed {
            Some(listed) => listed.contains(*name),
            None => asked::is_there(demo, kind, name).await,
        };
        if !is_there {
            missing.push(format!("{kind}: {name}"));
        }
    }
    missing
}

/// Returns a name like those of a kind, which nothing has.
fn invented(names: &[&str]) -> String {
    let name = names.iter().find(|name| !name.contains('{')).expect("a name");
    if name.starts_with(char::is_numeric) { format!("9{name}") } else { format!("{name}_none") }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_promised_name_is_in_the_loaded_demo() {
    let demo = Demo::start().await;
    let mut wrong = scrape::missing(&demo);
    wrong.extend(statements::differing(&demo).await);
    let mut all = 0;
    for (kind, text) in NAMES {
        let names = lines(text);
        let invented = invented(&names);
        let found = missing(&demo, kind, &[&invented]).await.is_empty();
        wrong.extend(found.then(|| format!("{kind}: {invented} is found, but there is none")));
        let missing = missing(&demo, kind, &names).await;
        print_line(format_args!("{kind}: {} of {}", names.len() - missing.len(), names.len()));
        all += names.len();
        wrong.extend(missing);
    }
    print_line(format_args!("{all} names of {} kinds", NAMES.len()));
    demo.end().await;
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn each_list_is_sorted_and_has_each_name_once() {
    for (kind, text) in NAMES {
        let names = lines(text);
        let unsorted = names.windows(2).find(|pair| pair[0] >= pair[1]);
        assert!(!names.is_empty() && unsorted.is_none(), "{kind}: {unsorted:?}");
        assert!(text.starts_with("# "), "{kind} does not say where its names are looked for");
    }
}

#[test]
fn every_list_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/promised/names");
    let files = fs::read_dir(folder).expect("the folder");
    let files: BTreeSet<String> = files
        .map(|file| file.expect("a file").file_name().to_string_lossy().replace(".txt", ""))
        .collect();
    let read: BTreeSet<String> = NAMES.iter().map(|(kind, _)| (*kind).to_owned()).collect();
    assert_eq!(files, read);
}
