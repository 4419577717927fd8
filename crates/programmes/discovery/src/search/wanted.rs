//! The filters of a search, as they are compared with many documents.

use tantivy::DocId;

use super::{columns::Columns, shown::View};
use crate::model::{Facet, Filters};

/// The filters of a search, by the codes of values.
#[derive(Default)]
pub(super) struct Wanted {
    /// The bits of the filtered facets.
    filtered: u8,
    /// By code, the bit of the value's facet.
    bits: Vec<u8>,
    /// By code, the bit of the value's facet if the value passes.
    passing: Vec<u8>,
}

fn bit(facet: Facet) -> u8 {
    1 << facet as u8
}

impl Wanted {
    pub(super) fn of(view: &View, filters: &Filters) -> Self {
        if filters.is_empty() {
            return Self::default();
        }
        let filtered = Facet::ALL.into_iter();
        let filtered = filtered.filter(|facet| !filters.of(*facet).is_empty());
        let values = view.values().iter();
        let passing = values.clone().map(|(facet, name)| {
            let passes = filters.of(*facet).iter().any(|own| **own == **name);
            if passes { bit(*facet) } else { 0 }
        });
        Self {
            filtered: filtered.fold(0, |bits, facet| bits | bit(facet)),
            passing: passing.collect(),
            bits: values.map(|(facet, _)| bit(*facet)).collect(),
        }
    }

    /// Returns the bits of the filtered facets of which a document has no value that passes.
    pub(super) fn failing(&self, columns: &Columns, document: DocId) -> u8 {
        if self.filtered == 0 {
            return 0;
        }
        let passed = columns.codes(document).iter().fold(0, |bits, code| {
            bits | self
                .passing
                .get(*code as usize)
                .copied()
                .unwrap_or_default()
        });
        self.filtered & !passed
    }

    /// Returns the bit of the facet of a value.
    pub(super) fn bit(&self, code: u32) -> u8 {
        self.bits.get(code as usize).copied().unwrap_or_default()
    }
}
