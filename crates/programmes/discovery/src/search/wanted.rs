//! The filters of a search, as they are compared with many documents.

use tantivy::DocId;

use super::{columns::Columns, matched::Bits, shown::CommittedView};
use crate::model::{Facet, Filters};

/// The filters of a search, by filtered facet.
pub(super) struct WantedFilters(Vec<Filter>);

pub(super) struct Filter {
    /// The codes of all values of the facet, ascending.
    pub(super) codes: Vec<u32>,
    /// The codes of the values that pass.
    passing: Vec<u32>,
}

impl WantedFilters {
    pub(super) fn of(view: &CommittedView, filters: &Filters) -> Self {
        let filtered = Facet::ALL.into_iter();
        let filtered = filtered.filter(|facet| !filters.of(*facet).is_empty());
        let filter = |facet: Facet| {
            let own = filters.of(facet);
            let values = (0..).zip(view.values());
            let values = values.filter(|(_, (of, _))| *of == facet);
            let passing = values.clone();
            let passing =
                passing.filter(|(_, (_, name))| own.iter().any(|wanted| **wanted == **name));
            Filter {
                passing: passing.map(|(code, _)| code).collect(),
                codes: values.map(|(code, _)| code).collect(),
            }
        };
        Self(filtered.map(filter).collect())
    }

    /// Returns the filters, in the order of [`FilterVerdict::ButOne`].
    pub(super) fn filters(&self) -> &[Filter] {
        &self.0
    }

    /// Returns the documents of a segment that pass.
    pub(super) fn in_segment(&self, columns: &Columns) -> PassedFilters {
        let passed = self.0.iter().map(|filter| {
            let mut documents = Bits::none_of(columns.all());
            let passing = filter.passing.iter();
            let passing = passing.flat_map(|code| columns.with(*code));
            passing.for_each(|document| documents.add(*document));
            documents
        });
        PassedFilters(passed.collect())
    }
}

/// The documents of a segment that pass, by filter: to look one up is faster than to compare its values with all filters.
pub(super) struct PassedFilters(Vec<Bits>);

/// How many filters a document passes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FilterVerdict {
    All,
    /// All but the filter at this place.
    ButOne(usize),
    Fewer,
}

impl PassedFilters {
    /// Compares a document with the filters.
    pub(super) fn verdict(&self, document: DocId) -> FilterVerdict {
        let mut verdict = FilterVerdict::All;
        for (place, passed) in self.0.iter().enumerate() {
            match verdict {
                _ if passed.has(document) => {}
                FilterVerdict::All => verdict = FilterVerdict::ButOne(place),
                _ => return FilterVerdict::Fewer,
            }
        }
        verdict
    }
}
