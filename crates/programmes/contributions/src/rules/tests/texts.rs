//! Spellings of labels, titles and paths.

use super::*;
use labels::{normalize, type_key};
use paths::Sort;
use title::{conventional_type, telling_word};

#[test]
fn spellings_of_a_label_are_normalized() {
    for label in ["Level-1", "level 1", "LEVEL_1", "level:1", "level1", " Level  1 ", "[Level 1]"] {
        assert_eq!(normalize(label), "level-1", "{label}");
    }
    for label in
        ["feature", "Type: Feature", "type/feature", "kind:feature", "✨ Feature", "[feature]"]
    {
        assert_eq!(normalize(label), "feature", "{label}");
    }
    for sign in ["1️⃣", "#️⃣", "*️⃣", "ℹ️", "ℹ", "Ⓜ️", "🅰️", "🅱", "🅾️", "🅿️", "⚠️", "🐛"]
    {
        assert_eq!(normalize(&format!("{sign} spam")), "spam", "{sign}");
    }
    assert_eq!(normalize("Level 1️⃣"), "level-1");
    assert_eq!(normalize("1️⃣"), "1");
    assert_eq!(normalize("type"), "type");
    assert_eq!(normalize("🚀"), "");
    assert_eq!(normalize("Größe: XL"), "größe-xl");
}

#[test]
fn synonyms_of_types_are_resolved() {
    let cases = [
        ("feat", "feature"),
        ("enhancement", "feature"),
        ("Kind/Bug", "fix"),
        ("bug fix", "fix"),
        ("Documentation", "docs"),
        ("tests", "test"),
        ("refactoring", "refactor"),
        ("ci", "chore"),
        ("help wanted", "help-wanted"),
    ];
    for (label, name) in cases {
        assert_eq!(type_key(label), name, "{label}");
    }
}

#[test]
fn a_conventional_prefix_is_parsed() {
    let cases = [
        ("feat: Add tabs", Some("feat")),
        ("Fix(parser): Count", Some("Fix")),
        ("refactor!: Split", Some("refactor")),
        ("feat(api)!: Add", Some("feat")),
        ("Add tabs", None),
        ("std::fmt: Explain", None),
        ("http://example.org breaks", None),
        ("two words: no type", None),
        ("feat(api: no", None),
        (": nothing", None),
        ("feat:", None),
    ];
    for (title, kind) in cases {
        assert_eq!(conventional_type(title), kind, "{title}");
    }
}

#[test]
fn a_low_value_word_is_a_separate_word() {
    let words = RulesDocument::default().low_value.words;
    let cases = [
        ("Fix typo", Some("typo")),
        ("TYPOS!", Some("typos")),
        ("trim white-space", Some("whitespace")),
        ("Formatting of tables", Some("formatting")),
        ("Reformatting", None),
        ("Typographic quotes", None),
        ("Leave the white lantern", None),
        ("", None),
    ];
    for (title, word) in cases {
        assert_eq!(telling_word(title, &words), word, "{title}");
    }
}

#[test]
fn words_of_a_document_are_normalized() {
    let rules = rules(
        2,
        r#"{"low_value": {"words": ["Trailing-Space"]}, "spam": {"labels": ["Type: JUNK"]}}"#,
    );
    assert_eq!(rules.document.low_value.words, ["trailingspace"]);
    assert_eq!(
        telling_word("Remove trailing space", &rules.document.low_value.words),
        Some("trailingspace")
    );
    assert_eq!(rules.document.spam.labels, ["junk"]);
}

#[test]
fn a_path_determines_the_kind_of_file() {
    let cases: [(Sort, &[&str]); 5] = [
        (
            Sort::Generated,
            &[
                "Cargo.lock",
                "web/package-lock.json",
                "yarn.lock",
                "go.sum",
                "vendor/github.com/x/y.go",
                "node_modules/a/index.js",
                "app.min.js",
                "proto/x.pb.go",
                "api_pb2.py",
                "src/a.generated.ts",
                "dist/index.js",
                "tests/__snapshots__/a.snap",
                "third_party/zlib/zlib.c",
            ],
        ),
        (
            Sort::Docs,
            &[
                "README.md",
                "README",
                "docs/index.html",
                "guide/a.rst",
                "tests/README.md",
                "LICENSE",
            ],
        ),
        (
            Sort::Tests,
            &[
                "tests/it.rs",
                "pkg/a_test.go",
                "src/a.test.tsx",
                "src/a.spec.ts",
                "test_a.py",
                "conftest.py",
                "src/__tests__/a.js",
                "src/UserTest.java",
                "spec/models/a_spec.rb",
                "tests/data/a.png",
            ],
        ),
        (Sort::Asset, &["logo.png", "docs/shot.webp", "fonts/a.woff2"]),
        (
            Sort::Code,
            &[
                "src/lib.rs",
                "Makefile",
                "requirements.txt",
                "src/contest.java",
                "src/latest.go",
                "src/distance.rs",
                "src/vendors.rs",
                ".github/workflows/ci.yml",
            ],
        ),
    ];
    for (sort, all) in cases {
        for path in all {
            assert_eq!(paths::sort_of(path), sort, "{path}");
        }
    }
}
