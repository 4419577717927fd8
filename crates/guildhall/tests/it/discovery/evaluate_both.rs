//! `guildhall discovery evaluate --by`, with generated documents and the vectors of `fake openai`.

use std::{fmt::Write as _, fs, path::Path, process::Output};

use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::fake_openai::{self, FakeOpenai};

/// Two words for the same thing each. Documents have the first, and searches the second.
const SAME: [(&str, &str); 12] = [
    ("crash", "segfault"),
    ("slow", "latency"),
    ("documentation", "manual"),
    ("typo", "misprint"),
    ("delete", "erase"),
    ("image", "photo"),
    ("database", "persistence"),
    ("sort", "arrange"),
    ("search", "lookup"),
    ("folder", "directory"),
    ("button", "widget"),
    ("memory", "heap"),
];

/// The words of long descriptions.
const FILLERS: [&str; 24] = [
    "harbor", "lantern", "reef", "tide", "anchor", "beacon", "current", "delta", "estuary",
    "fathom", "gull", "hull", "island", "jetty", "kelp", "lagoon", "mast", "net", "oar", "pier",
    "quay", "rudder", "sail", "wave",
];

/// Writes a judged set: half of the searches name a thing by another word than its document, and half a rare name in a long
/// description.
fn generated() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut corpus, mut queries) = (String::new(), String::new());
    let mut judgments = "query-id\tcorpus-id\tscore\n".to_owned();
    let mut add = |id: String, (title, text): (String, String), query: String| {
        writeln!(corpus, "{}", json!({ "_id": id, "title": title, "text": text }))
            .expect("written");
        writeln!(queries, "{}", json!({ "_id": format!("q-{id}"), "text": query }))
            .expect("written");
        writeln!(judgments, "q-{id}\t{id}\t1").expect("written");
    };
    for number in 0..60_usize {
        let (a, b) = (number % 12, (number % 12 + 1 + number / 12) % 12);
        let title = format!("The {} and the {}", SAME[a].0, SAME[b].0);
        let text = format!("Seen in {} since last week.", FILLERS[number % 24]);
        add(format!("meaning-{number}"), (title, text), format!("{} {}", SAME[a].1, SAME[b].1));
    }
    for number in 0..60_usize {
        let words: Vec<&str> =
            (0..80).map(|place| FILLERS[(number * 7 + place * place) % 24]).collect();
        let name = format!("zx{}q{number}", FILLERS[number % 24]);
        let text = format!("{} {name} {}", words[..40].join(" "), words[40..].join(" "));
        add(format!("name-{number}"), (format!("Notes {number}"), text), name);
    }
    for (name, text) in
        [("corpus.jsonl", corpus), ("queries.jsonl", queries), ("qrels.tsv", judgments)]
    {
        fs::write(folder.path().join(name), text).expect("written");
    }
    folder
}

async fn evaluate(folder: &Path, by: &str, openai: Option<&FakeOpenai>) -> Output {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_guildhall"));
    command.env_clear().current_dir(folder).args([
        "discovery",
        "evaluate",
        ".",
        "--json",
        "--by",
        by,
    ]);
    if let Some(openai) = openai {
        command.env("OPENAI_BASE_URL", openai.url()).env("OPENAI_API_KEY", fake_openai::KEY);
    }
    command.output().await.expect("the program")
}

async fn gain(folder: &Path, by: &str, openai: &FakeOpenai) -> f64 {
    let output = evaluate(folder, by, Some(openai)).await;
    assert!(output.status.success(), "{output:?}");
    let measured: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    measured["ndcg_at_10"].as_f64().expect("a number")
}

#[tokio::test]
async fn words_and_vectors_together_find_more_than_either() {
    let (folder, openai) = (generated(), FakeOpenai::start().await.expect("a port"));
    let words = gain(folder.path(), "words", &openai).await;
    assert_eq!(openai.usage().requests, 0, "words need no service");
    let vectors = gain(folder.path(), "vectors", &openai).await;
    let both = gain(folder.path(), "both", &openai).await;
    assert!(both > words + 0.1 && both > vectors + 0.1, "{words}, {vectors} and {both}");
}

#[tokio::test]
async fn vectors_need_a_service() {
    let folder = generated();
    let output = evaluate(folder.path(), "both", None).await;
    let errors = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(!output.status.success() && errors.contains("OPENAI_API_KEY"), "{errors}");
}
