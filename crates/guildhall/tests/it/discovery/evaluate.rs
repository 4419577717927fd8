//! `guildhall discovery evaluate`

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

const CORPUS: &str = r#"{"_id": "reef/kelp#1", "title": "Report which page failed its checksum", "text": "The restore stops.", "labels": ["bug"]}
{"_id": "reef/kelp#2", "title": "Sort stations by name", "text": "They come in any order."}
{"_id": "reef/kelp#3", "title": "Crash in parseHTTPHeader", "text": "A header without a colon."}

{"_id": "reef/kelp#4", "title": "Explain the tide table", "text": ""}
"#;

const QUERIES: &str = r#"{"_id": "a", "text": "Name the page with the wrong checksum"}
{"_id": "b", "text": "parse headers"}
{"_id": "c", "text": "not judged"}
"#;

const JUDGMENTS: &str =
    "query-id\tcorpus-id\tscore\na\treef/kelp#1\t1\nb\treef/kelp#3\t1\nb\treef/kelp#2\t1\n";

/// Returns a directory with these files.
fn set(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("written");
    }
    folder
}

fn usual() -> TempDir {
    set(&[("corpus.jsonl", CORPUS), ("queries.jsonl", QUERIES), ("qrels.tsv", JUDGMENTS)])
}

fn evaluate(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_guildhall"))
        .env_clear()
        .current_dir(folder)
        .args(["discovery", "evaluate", "."])
        .args(arguments)
        .output()
        .expect("the program")
}

fn measured(folder: &Path) -> Value {
    let output = evaluate(folder, &["--json"]);
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn is_near(value: &Value, expected: f64) -> bool {
    value.as_f64().is_some_and(|value| (value - expected).abs() < 1e-6)
}

#[test]
fn relevant_documents_that_are_found_count() {
    let measured = measured(usual().path());
    // The second query finds one of its two documents, in the first place.
    let half = 1.0 / (1.0 + 1.0 / 3_f64.log2());
    assert!(is_near(&measured["ndcg_at_10"], (1.0 + half) / 2.0), "{measured}");
    assert!(is_near(&measured["recall_at_10"], 0.75), "{measured}");
    assert_eq!((&measured["documents"], &measured["queries"]), (&4.into(), &2.into()));
}

#[test]
fn the_table_names_each_measure() {
    let output = evaluate(usual().path(), &[]);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    for name in [
        "documents     4",
        "nDCG@10       0.8066",
        "recall@10     0.7500",
        "search p99",
        "indexing",
    ] {
        assert!(text.contains(name), "{text}");
    }
}

#[test]
fn a_run_has_the_form_of_trec() {
    let folder = usual();
    let output = evaluate(folder.path(), &["--run", "run.tsv", "--depth", "10"]);
    assert!(output.status.success(), "{output:?}");
    let run = fs::read_to_string(folder.path().join("run.tsv")).expect("a run");
    let lines: Vec<Vec<&str>> = run.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(lines[0][..4], ["a", "Q0", "reef/kelp#1", "1"]);
    assert_eq!(lines.iter().filter(|line| line[0] == "b").count(), 1);
    for line in lines {
        assert!(line[4].parse::<f64>().is_ok_and(|score| score > 0.0), "{line:?}");
        assert_eq!(line[5], "guildhall");
    }
}

#[test]
fn packed_documents_and_the_folder_of_beir_are_read() {
    let folder = set(&[("queries.jsonl", QUERIES), ("qrels/test.tsv", JUDGMENTS)]);
    let file = fs::File::create(folder.path().join("corpus.jsonl.gz")).expect("a file");
    let mut packer = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    packer.write_all(CORPUS.as_bytes()).expect("packed");
    packer.finish().expect("packed");
    assert!(is_near(&measured(folder.path())["recall_at_10"], 0.75));
}

#[test]
fn a_wrong_set_is_named() {
    let with = |name: &'static str, text: &'static str| {
        let files =
            [("corpus.jsonl", CORPUS), ("queries.jsonl", QUERIES), ("qrels.tsv", JUDGMENTS)];
        set(&files.map(|(own, usual)| (own, if own == name { text } else { usual })))
    };
    for (folder, expected) in [
        (set(&[]), "has no corpus.jsonl or corpus.jsonl.gz"),
        (set(&[("corpus.jsonl", CORPUS)]), "has no queries.jsonl"),
        (with("corpus.jsonl", "{\"_id\": \"a b\"}"), "line 1: `_id` must be"),
        (with("corpus.jsonl", "{\"_id\": \"a\"}\n{\"_id\": \"a\"}"), "line 2 repeats the ID a"),
        (with("queries.jsonl", "{\"_id\": \"a\"}"), "line 1: missing field `text`"),
        (with("qrels.tsv", "h\na\tb\n"), "line 2: expected `query-id`"),
        (with("qrels.tsv", "h\nz\treef/kelp#1\t1\n"), "no query has a relevant document"),
    ] {
        let output = evaluate(folder.path(), &[]);
        let errors = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(!output.status.success(), "{expected}");
        assert!(errors.contains(expected), "{expected}: {errors}");
    }
}

#[test]
fn wrong_arguments_are_refused() {
    let folder = usual();
    for arguments in [&["--depth", "9"][..], &["--depth", "1001"], &["--run", "no/such/folder.tsv"]]
    {
        let output = evaluate(folder.path(), arguments);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
}
