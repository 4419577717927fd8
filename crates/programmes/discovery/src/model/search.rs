use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Facet, Filters, Sort, WorkKind};

/// An issue as the search index reads it. Numbers with fractions are in thousandths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Document {
    /// Identifies it in results.
    pub(crate) key: String,
    /// The number in its repository, by which a search can name it.
    pub(crate) number: Option<u64>,
    /// The repository, `owner/name`.
    pub(crate) repository: String,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) labels: Vec<String>,
    /// The topics of its repository, and the skills that it needs.
    pub(crate) topics: Vec<String>,
    /// The language in which the work is done.
    pub(crate) language: Option<String>,
    pub(crate) kind: Option<WorkKind>,
    /// The difficulty.
    pub(crate) complexity: u64,
    pub(crate) impact: u64,
    /// The worth.
    pub(crate) overall: u64,
    /// The attention that it gains, as [`crate::rules::trending::lasting`] keeps it.
    pub(crate) trend: u64,
    /// The estimated hours.
    pub(crate) hours: u64,
    /// The health of its repository, of 100.
    pub(crate) health: u64,
    /// When something last happened to it, in seconds since 1970.
    pub(crate) active_at: u64,
    /// Decides between documents that are worth the same: any number that stays the same.
    pub(crate) tie: u64,
    /// The stored vector of its texts, with the model that made it.
    pub(crate) embedding: Option<(String, Vec<u8>)>,
}

/// The means by which documents are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SearchMeans {
    #[default]
    Words,
    Vectors,
    Both,
}

/// A request to the index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Search {
    /// The words; all documents if it is empty.
    pub(crate) text: String,
    pub(crate) filters: Filters,
    /// The order. Without words, [`Sort::Best`] is by worth.
    pub(crate) sort: Sort,
    /// Only documents after this place are returned.
    pub(crate) after: Option<ResultPlace>,
    /// The number of documents that are returned at most.
    pub(crate) limit: usize,
}

/// The place of a document in the order of results: higher first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ResultPlace {
    /// The number that the order is by.
    pub(crate) worth: u64,
    /// The document's own number.
    pub(crate) tie: u64,
}

/// One result of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// The document's key.
    pub(crate) key: String,
    pub(crate) place: ResultPlace,
}

impl Hit {
    /// Returns the relevance of a result that is sorted by it. Comparable within one search only.
    pub(crate) fn score(&self) -> f32 {
        f32::from_bits(self.place.worth as u32)
    }
}

/// The results of a search, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SearchResults {
    pub(crate) hits: Vec<Hit>,
    /// The number of all results.
    pub(crate) total: u64,
    /// The number of results by facet and value, if the facet were filtered by this value alone.
    pub(crate) facets: BTreeMap<Facet, BTreeMap<String, u64>>,
    /// Words that no document contains, with the words that were searched instead.
    pub(crate) corrections: Vec<(String, String)>,
    /// True if the last changes are missing.
    pub(crate) is_old: bool,
    /// True if vectors were compared too.
    pub(crate) by_meaning: bool,
    /// Why only words were compared, though this server has vectors.
    pub(crate) by_words_only: Option<String>,
}

impl SearchResults {
    /// Returns the keys of the results that are IDs.
    pub(crate) fn ids(&self) -> Vec<Uuid> {
        let keys = self.hits.iter();
        keys.filter_map(|hit| Uuid::try_parse(&hit.key).ok()).collect()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IndexChange {
    /// A document that is new, or replaces the one with its key.
    Put(Box<Document>),
    /// The key of a document that is no longer found.
    Remove(String),
}
