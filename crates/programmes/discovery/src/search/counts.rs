//! Compares the numbers of searches with those counted one document after another.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::model::{Facet, Filters};

const LANGUAGES: [&str; 3] = ["Rust", "Go", "Zig"];
const LABELS: [&str; 4] = ["bug", "docs", "help", "rare"];
const FACETS: [Facet; 2] = [Facet::Language, Facet::Label];

/// A document with one language, and the labels whose bits are set.
fn document((number, (language, labels)): (usize, (usize, u8))) -> Document {
    let labels = LABELS
        .iter()
        .zip(0..)
        .filter(|(_, bit)| labels >> bit & 1 == 1);
    Document {
        key: format!("reef#{number}"),
        title: "Sort shells".to_owned(),
        language: Some(LANGUAGES[language].to_owned()),
        labels: labels.map(|(label, _)| (*label).to_owned()).collect(),
        tie: number as u64,
        ..Document::default()
    }
}

fn values(document: &Document, facet: Facet) -> Vec<&String> {
    match facet {
        Facet::Language => document.language.iter().collect(),
        _ => document.labels.iter().collect(),
    }
}

fn passes(document: &Document, filters: &Filters, facet: Facet) -> bool {
    let accepted = filters.of(facet);
    let own = values(document, facet);
    accepted.is_empty() || own.iter().any(|value| accepted.contains(value))
}

/// Returns the number of documents that pass, and by facet the values of those that pass the filters of the other facets.
fn counted(documents: &[Document], filters: &Filters) -> (u64, Vec<BTreeMap<String, u64>>) {
    let all = documents.iter();
    let total = all.filter(|own| FACETS.iter().all(|facet| passes(own, filters, *facet)));
    let of = |facet: &Facet| {
        let others = FACETS.iter().filter(move |other| *other != facet);
        let mut counts = BTreeMap::new();
        for document in documents {
            if others
                .clone()
                .all(|other| passes(document, filters, *other))
            {
                for value in values(document, *facet) {
                    *counts.entry(value.clone()).or_default() += 1;
                }
            }
        }
        counts
    };
    (total.count() as u64, FACETS.iter().map(of).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn values_are_counted_as_one_by_one(
        some in prop::collection::vec((0..3_usize, any::<u8>()), 1..150),
        languages in prop::sample::subsequence(LANGUAGES.to_vec(), 0..=2),
        labels in prop::sample::subsequence(LABELS.to_vec(), 0..=2),
    ) {
        let documents: Vec<Document> = some.into_iter().enumerate().map(document).collect();
        let mut search = Search { limit: 5, ..Search::default() };
        let chosen = [(Facet::Language, languages), (Facet::Label, labels)];
        for (facet, values) in chosen {
            values.iter().for_each(|value| search.filters.accept(facet, (*value).to_owned()));
        }
        let (total, counts) = counted(&documents, &search.filters);
        let index = Index::in_memory().expect("an index");
        let writer = index.writer().expect("a writer");
        writer.add(documents).expect("added");
        writer.finish().expect("finished");
        let found = index.search(&search).expect("found");
        prop_assert_eq!(found.total, total);
        let found = FACETS.map(|facet| found.facets[&facet].clone());
        prop_assert_eq!(found.to_vec(), counts);
    }
}
