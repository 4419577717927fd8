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
    let labels = LABELS.iter().zip(0..).filter(|(_, bit)| labels >> bit & 1 == 1);
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
            if others.clone().all(|other| passes(document, filters, *other)) {
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
        later in prop::collection::vec((0..3_usize, any::<u8>()), 0..20),
        removed in prop::collection::btree_set(0..150_usize, 0..40),
        languages in prop::sample::subsequence(LANGUAGES.to_vec(), 0..=2),
        labels in prop::sample::subsequence(LABELS.to_vec(), 0..=2),
    ) {
        let first = some.len();
        let documents = some.into_iter().chain(later).enumerate().map(document);
        let mut documents: Vec<Document> = documents.collect();
        // Two segments, and documents that are removed from the first.
        let index = Index::in_memory().expect("an index");
        for part in [&documents[..first], &documents[first..]] {
            let writer = index.writer().expect("a writer");
            writer.add(part.iter().cloned()).expect("added");
            writer.finish().expect("finished");
        }
        let mut writer = index.writer().expect("a writer");
        let keys = removed.iter().map(|number| format!("reef#{number}"));
        writer.apply(keys.clone().map(IndexChange::Remove)).expect("applied");
        writer.commit("mark").expect("committed");
        documents.retain(|document| !keys.clone().any(|key| key == document.key));
        let mut search = Search { limit: 5, ..Search::default() };
        let chosen = [(Facet::Language, languages), (Facet::Label, labels)];
        for (facet, values) in chosen {
            values.iter().for_each(|value| search.filters.accept(facet, (*value).to_owned()));
        }
        let (total, counts) = counted(&documents, &search.filters);
        let found = index.search(&search).expect("found");
        prop_assert_eq!(found.total, total);
        let found = FACETS.map(|facet| found.facets[&facet].clone());
        prop_assert_eq!(found.to_vec(), counts);
    }
}
