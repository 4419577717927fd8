use super::*;
use crate::model::Facet;

fn document(key: &str, title: &str, body: &str) -> Document {
    Document {
        key: key.to_owned(),
        number: key
            .rsplit('#')
            .next()
            .and_then(|number| number.parse().ok()),
        title: title.to_owned(),
        body: body.to_owned(),
        ..Document::default()
    }
}

fn index(documents: impl IntoIterator<Item = Document>) -> Index {
    let index = Index::in_memory().expect("an index");
    let writer = index.writer().expect("a writer");
    writer.add(documents).expect("added");
    writer.finish().expect("finished");
    index
}

fn reef() -> Index {
    let filler = (100..140).map(|number| {
        let key = format!("reef#{number}");
        document(
            &key,
            "Update the pinned dependency",
            "Release notes are linked.",
        )
    });
    let own = [
        document(
            "reef#1",
            "Report which page failed its checksum",
            "The restore stops.",
        ),
        document(
            "reef#2",
            "Restore stops",
            "A checksum of a page does not match.",
        ),
        document(
            "reef#3",
            "Crash in parseHTTPHeader",
            "A header without a colon.",
        ),
        document("reef#4", "Sorting ignores time zones", "As reported in #2."),
    ];
    index(own.into_iter().chain(filler))
}

fn search(index: &Index, text: &str, limit: usize) -> Found {
    let search = Search {
        text: text.to_owned(),
        limit,
        ..Search::default()
    };
    index.search(&search).expect("found")
}

fn keys(index: &Index, text: &str) -> Vec<String> {
    let found = search(index, text, 10);
    found.hits.into_iter().map(|hit| hit.key).collect()
}

#[test]
fn the_title_counts_more() {
    assert_eq!(keys(&reef(), "checksums of pages"), ["reef#1", "reef#2"]);
}

#[test]
fn identifiers_are_found_by_their_parts() {
    assert_eq!(keys(&reef(), "http header"), ["reef#3"]);
    assert_eq!(keys(&reef(), "parse_http_header"), ["reef#3"]);
    assert_eq!(keys(&reef(), "parseHTTPHeader"), ["reef#3"]);
}

#[test]
fn mistypes_are_corrected() {
    let found = search(&reef(), "cheksum", 10);
    let hits: Vec<&str> = found.hits.iter().map(|hit| hit.key.as_str()).collect();
    assert_eq!(hits, ["reef#1", "reef#2"]);
    assert_eq!(found.corrections, [("cheksum".into(), "checksum".into())]);
    assert_eq!(keys(&reef(), "xyzzy"), Vec::<String>::new());
}

#[test]
fn common_words_alone_find_documents() {
    assert_eq!(keys(&reef(), "update dependency").len(), 10);
    assert_eq!(keys(&reef(), "update checksum"), ["reef#1", "reef#2"]);
}

#[test]
fn numbers_find_what_names_them() {
    let mut found = keys(&reef(), "#2");
    found.sort();
    assert_eq!(found, ["reef#2", "reef#4"]);
}

#[test]
fn nothing_is_found_without_words() {
    for text in ["the", "…", "# "] {
        assert_eq!(keys(&reef(), text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(keys(&index([]), "checksum"), Vec::<String>::new());
}

#[test]
fn at_most_the_limit_is_returned() {
    let reef = reef();
    for limit in [0, 1, 2] {
        let found = search(&reef, "checksum", limit);
        assert_eq!(found.hits.len(), limit);
    }
}

/// Documents in two languages, of three difficulties.
fn shells() -> Index {
    let documents = (0..12_u64).map(|number| Document {
        language: Some(["Rust", "Go"][number as usize % 2].to_owned()),
        topics: vec!["cli".to_owned(), format!("topic {}", number % 3)],
        complexity: number * 900,
        overall: number * 100,
        impact: (12 - number) * 100,
        active_at: 1_000 - number,
        health: 50,
        tie: number,
        ..document(&format!("reef#{number}"), "Sort shells", "by color")
    });
    index(documents)
}

fn filtered(chosen: &[(Facet, &str)]) -> Found {
    let mut search = Search {
        limit: 3,
        ..Search::default()
    };
    for (facet, value) in chosen {
        search.filters.accept(*facet, (*value).to_owned());
    }
    shells().search(&search).expect("found")
}

fn counts(found: &Found, facet: Facet) -> Vec<(&str, u64)> {
    let counts = found.facets[&facet].iter();
    counts
        .map(|(name, count)| (name.as_str(), *count))
        .collect()
}

#[test]
fn without_words_all_are_sorted_by_their_worth() {
    let found = filtered(&[]);
    let keys: Vec<&str> = found.hits.iter().map(|hit| hit.key.as_str()).collect();
    assert_eq!(
        (keys, found.total),
        (vec!["reef#11", "reef#10", "reef#9"], 12)
    );
    assert_eq!(counts(&found, Facet::Language), [("Go", 6), ("Rust", 6)]);
    assert_eq!(
        counts(&found, Facet::Level),
        [("easy", 4), ("hard", 4), ("medium", 4)]
    );
    assert_eq!(counts(&found, Facet::Health), [("slow", 12)]);
}

#[test]
fn a_facet_counts_what_would_remain_with_another_value() {
    let found = filtered(&[(Facet::Language, "Rust"), (Facet::Level, "easy")]);
    assert_eq!(found.total, 2);
    assert_eq!(counts(&found, Facet::Language), [("Go", 2), ("Rust", 2)]);
    assert_eq!(
        counts(&found, Facet::Level),
        [("easy", 2), ("hard", 2), ("medium", 2)]
    );
    assert_eq!(
        counts(&found, Facet::Topic),
        [("cli", 2), ("topic 0", 1), ("topic 2", 1)]
    );
}

#[test]
fn several_values_of_a_facet_are_alternatives() {
    assert_eq!(
        filtered(&[(Facet::Topic, "topic 0"), (Facet::Topic, "topic 1")]).total,
        8
    );
    assert_eq!(filtered(&[(Facet::Language, "Zig")]).total, 0);
    assert_eq!(filtered(&[(Facet::Level, "none")]).total, 0);
}

#[test]
fn pages_continue_after_a_place() {
    let shells = shells();
    for sort in [Sort::Best, Sort::Worth, Sort::Impact, Sort::Recent] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let search = Search {
                text: "shells".to_owned(),
                sort,
                after,
                limit: 5,
                ..Search::default()
            };
            let found = shells.search(&search).expect("found");
            assert_eq!(found.total, 12);
            let Some(last) = found.hits.last() else { break };
            after = Some(last.place);
            seen.extend(found.hits.into_iter().map(|hit| hit.key));
        }
        let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
        assert_eq!((seen.len(), distinct.len()), (12, 12), "{sort:?}");
        let first = if sort == Sort::Recent || sort == Sort::Impact {
            "reef#0"
        } else {
            "reef#11"
        };
        assert_eq!(seen[0], first, "{sort:?}");
    }
}
