use super::*;

fn document(key: &str, title: &str, body: &str) -> Document {
    Document {
        key: key.to_owned(),
        number: key
            .rsplit('#')
            .next()
            .and_then(|number| number.parse().ok()),
        title: title.to_owned(),
        body: body.to_owned(),
        labels: Vec::new(),
    }
}

fn index(documents: impl IntoIterator<Item = Document>) -> Index {
    let index = Index::in_memory().expect("an index");
    index.add(documents).expect("added");
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

fn keys(index: &Index, text: &str) -> Vec<String> {
    let found = index.search(text, 10).expect("found");
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
    let found = reef().search("cheksum", 10).expect("found");
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
    for text in ["", "the", "…", "# "] {
        assert_eq!(keys(&reef(), text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(keys(&index([]), "checksum"), Vec::<String>::new());
}

#[test]
fn at_most_the_limit_is_returned() {
    let reef = reef();
    for limit in [0, 1, 2] {
        let found = reef.search("checksum", limit).expect("found");
        assert_eq!(found.hits.len(), limit);
    }
}
