use super::*;
use crate::model::Facet;

fn document(key: &str, title: &str, body: &str) -> Document {
    Document {
        key: key.to_owned(),
        number: key.rsplit('#').next().and_then(|number| number.parse().ok()),
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
        document(&key, "Update the pinned dependency", "Release notes are linked.")
    });
    let own = [
        document("reef#1", "Report which page failed its checksum", "The restore stops."),
        document("reef#2", "Restore stops", "A checksum of a page does not match."),
        document("reef#3", "Crash in parseHTTPHeader", "A header without a colon."),
        document("reef#4", "Sorting ignores time zones", "As reported in #2."),
    ];
    index(own.into_iter().chain(filler))
}

fn search(index: &Index, text: &str, limit: usize) -> SearchResults {
    let search = Search { text: text.to_owned(), limit, ..Search::default() };
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

fn filtered(chosen: &[(Facet, &str)]) -> SearchResults {
    let mut search = Search { limit: 3, ..Search::default() };
    for (facet, value) in chosen {
        search.filters.accept(*facet, (*value).to_owned());
    }
    shells().search(&search).expect("found")
}

fn counts(found: &SearchResults, facet: Facet) -> Vec<(&str, u64)> {
    let counts = found.facets[&facet].iter();
    counts.map(|(name, count)| (name.as_str(), *count)).collect()
}

#[test]
fn without_words_all_are_sorted_by_their_worth() {
    let found = filtered(&[]);
    let keys: Vec<&str> = found.hits.iter().map(|hit| hit.key.as_str()).collect();
    assert_eq!((keys, found.total), (vec!["reef#11", "reef#10", "reef#9"], 12));
    assert_eq!(counts(&found, Facet::Language), [("Go", 6), ("Rust", 6)]);
    assert_eq!(counts(&found, Facet::Level), [("easy", 4), ("hard", 4), ("medium", 4)]);
    assert_eq!(counts(&found, Facet::Health), [("slow", 12)]);
}

#[test]
fn a_facet_counts_what_would_remain_with_another_value() {
    let found = filtered(&[(Facet::Language, "Rust"), (Facet::Level, "easy")]);
    assert_eq!(found.total, 2);
    assert_eq!(counts(&found, Facet::Language), [("Go", 2), ("Rust", 2)]);
    assert_eq!(counts(&found, Facet::Level), [("easy", 2), ("hard", 2), ("medium", 2)]);
    assert_eq!(counts(&found, Facet::Topic), [("cli", 2), ("topic 0", 1), ("topic 2", 1)]);
}

#[test]
fn what_most_documents_have_is_counted_like_what_few_have() {
    let documents = (0..200_u64).map(|number| Document {
        language: Some(["Rust", "Go"][usize::from(number % 10 == 0)].to_owned()),
        tie: number,
        ..document(
            &format!("reef#{number}"),
            ["Sort shells", "Sort pearls"][usize::from(number % 4 == 0)],
            "",
        )
    });
    let index = index(documents);
    let mut writer = index.writer().expect("a writer");
    let removed = (0..20).map(|number| IndexChange::Remove(format!("reef#{number}")));
    writer.apply(removed).expect("applied");
    writer.commit("mark").expect("committed");
    for (text, count, go) in [("", 180, 18), ("shells", 135, 9), ("pearls", 45, 9)] {
        let found = search(&index, text, 1);
        assert_eq!(found.total, count, "{text}");
        assert_eq!(counts(&found, Facet::Language), [("Go", go), ("Rust", count - go)], "{text}");
    }
}

#[test]
fn several_values_of_a_facet_are_alternatives() {
    assert_eq!(filtered(&[(Facet::Topic, "topic 0"), (Facet::Topic, "topic 1")]).total, 8);
    assert_eq!(filtered(&[(Facet::Language, "Zig")]).total, 0);
    assert_eq!(filtered(&[(Facet::Level, "none")]).total, 0);
}

#[test]
fn pages_continue_after_a_place() {
    let shells = shells();
    for sort in [Sort::Best, Sort::Worth, Sort::Impact, Sort::Recent] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let search =
                Search { text: "shells".to_owned(), sort, after, limit: 5, ..Search::default() };
            let found = shells.search(&search).expect("found");
            assert_eq!(found.total, 12);
            let Some(last) = found.hits.last() else { break };
            after = Some(last.place);
            seen.extend(found.hits.into_iter().map(|hit| hit.key));
        }
        let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
        assert_eq!((seen.len(), distinct.len()), (12, 12), "{sort:?}");
        let first = if sort == Sort::Recent || sort == Sort::Impact { "reef#0" } else { "reef#11" };
        assert_eq!(seen[0], first, "{sort:?}");
    }
}

/// Returns the keys of all that a text finds, on pages of a size.
fn paged(index: &Index, text: &str, limit: usize) -> Vec<String> {
    let (mut keys, mut after) = (Vec::new(), None);
    loop {
        let search = Search { text: text.to_owned(), after, limit, ..Search::default() };
        let found = index.search(&search).expect("found");
        let Some(last) = found.hits.last() else {
            return keys;
        };
        after = Some(last.place);
        keys.extend(found.hits.into_iter().map(|hit| hit.key));
    }
}

#[test]
fn what_ranks_only_the_best_does_not_change_their_order() {
    // Words of which some are common, in titles of several lengths.
    let words = ["shell", "shells", "pearl", "sort", "sorted", "tide", "reef", "coral"];
    let documents = (0..400_usize).map(|number| {
        let title: Vec<&str> = (0..1 + number % 5)
            .map(|place| words[(number * (place + 3) + number / 7) % (words.len() - place % 2)])
            .collect();
        Document {
            tie: number as u64,
            ..document(&format!("reef#{number}"), &title.join(" "), words[number % 3])
        }
    });
    let index = index(documents);
    for text in ["pearl", "sorted shells", "coral tide", "reef shel sort", "tide pearl #7"] {
        let all = paged(&index, text, 1_000);
        assert!(all.len() > 20, "{text}: {}", all.len());
        for limit in [1, 7, 50] {
            assert_eq!(paged(&index, text, limit), all, "{text}");
        }
    }
}

#[test]
fn what_is_not_fresh_is_neither_found_nor_counted() {
    let documents = [(1, 100, "Rust"), (2, 200, "Go"), (3, 300, "Go")];
    let index = index(documents.map(|(number, active_at, language)| Document {
        active_at,
        tie: number,
        language: Some(language.to_owned()),
        ..document(&format!("reef#{number}"), "Sort shells", "")
    }));
    let mut search = Search { limit: 5, ..Search::default() };
    search.filters.active_since = Some(200);
    search.filters.accept(Facet::Language, "Rust".to_owned());
    let found = index.search(&search).expect("found");
    assert_eq!(found.total, 0);
    assert_eq!(counts(&found, Facet::Language), [("Go", 2)]);
}
