//! The filters of a search, as they are compared with many documents.

use tantivy::DocId;

use super::{columns::Columns, matched::Bits, shown::CommittedView};
use crate::model::{Facet, Filters, Sort};

/// The filters of a search.
pub(super) struct WantedFilters {
    /// By filtered facet.
    filters: Vec<Filter>,
    /// The time since which something happened, in seconds since 1970.
    active_since: Option<u64>,
}

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
        Self { filters: filtered.map(filter).collect(), active_since: filters.active_since }
    }

    /// Returns the filters, in the order of [`FilterVerdict::ButOne`].
    pub(super) fn filters(&self) -> &[Filter] {
        &self.filters
    }

    /// Returns the documents of a segment that pass.
    pub(super) fn in_segment(&self, columns: &Columns) -> PassedFilters {
        let passed = self.filters.iter().map(|filter| {
            let mut documents = Bits::none_of(columns.all());
            let passing = filter.passing.iter();
            let passing = passing.flat_map(|code| columns.with(*code));
            passing.for_each(|document| documents.add(*document));
            documents
        });
        let fresh = self.active_since.map(|since| fresh(columns, since));
        PassedFilters { by_facet: passed.collect(), fresh }
    }
}

/// Returns the documents of a segment to which something happened since a time.
fn fresh(columns: &Columns, since: u64) -> Bits {
    let mut documents = Bits::none_of(columns.all());
    let active = (0..).zip(columns.order(Sort::Recent).unwrap_or_default());
    let fresh = active.filter(|(_, active_at)| **active_at >= since);
    fresh.for_each(|(document, _)| documents.add(document));
    documents
}

/// The documents of a segment that pass, by filter: to look one up is faster than to compare its values with all filters.
pub(super) struct PassedFilters {
    by_facet: Vec<Bits>,
    /// The fresh ones; `None` if all are. It has no place of its own: no value is counted without it.
    fresh: Option<Bits>,
}

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
        if self.fresh.as_ref().is_some_and(|fresh| !fresh.has(document)) {
            return FilterVerdict::Fewer;
        }
        let mut verdict = FilterVerdict::All;
        for (place, passed) in self.by_facet.iter().enumerate() {
            match verdict {
                _ if passed.has(document) => {}
                FilterVerdict::All => verdict = FilterVerdict::ButOne(place),
                _ => return FilterVerdict::Fewer,
            }
        }
        verdict
    }
}
