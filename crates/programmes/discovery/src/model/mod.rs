//! Data types of discovery.

mod analysis;
mod derived;
mod facts;
mod health;
mod kind;
mod matching;
mod reason;
mod topics;

pub(crate) use analysis::Analysis;
pub(crate) use derived::{Derived, DerivedHealth, Status};
pub(crate) use facts::{IssueFacts, RepositoryFacts};
pub(crate) use health::Health;
pub(crate) use kind::Kind;
pub(crate) use matching::{
    Dismissal, DismissalReason, Level, Match, MatchPart, Opportunity, PartOfMatch, Person,
};
pub(crate) use reason::{Part, Reason, Sum};
pub(crate) use topics::REPOSITORY_NAMED;

/// An issue as the search index reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Document {
    /// Identifies it in results.
    pub(crate) key: String,
    /// The number in its repository, by which a search can name it.
    pub(crate) number: Option<u64>,
    /// The title.
    pub(crate) title: String,
    /// The description.
    pub(crate) body: String,
    /// The names of its labels.
    pub(crate) labels: Vec<String>,
}

/// One result of a search.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Hit {
    /// The document's key.
    pub(crate) key: String,
    /// The relevance: higher is better. Comparable within one search only.
    pub(crate) score: f32,
}

/// The results of a search, best first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Found {
    /// The results.
    pub(crate) hits: Vec<Hit>,
    /// Words that no document contains, with the words that were searched instead.
    pub(crate) corrections: Vec<(String, String)>,
}
