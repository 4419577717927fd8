//! Documents of a segment, as bits.

use tantivy::DocId;

/// A set of documents of a segment.
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// Creates an empty set, for a segment of `all` documents.
    pub(super) fn none_of(all: u32) -> Self {
        Self(vec![0; (all as usize).div_ceil(64)])
    }

    pub(super) fn add(&mut self, document: DocId) {
        if let Some(bits) = self.0.get_mut(document as usize / 64) {
            *bits |= 1 << (document % 64);
        }
    }

    /// Returns whether a document is in it.
    pub(super) fn has(&self, document: DocId) -> bool {
        let bits = self.0.get(document as usize / 64);
        bits.is_some_and(|bits| bits >> (document % 64) & 1 == 1)
    }
}

/// The documents that a search matches, with their number.
pub(super) struct MatchedDocuments {
    bits: Bits,
    /// The number of documents of the segment.
    all: u32,
    /// The number of documents in it.
    count: u32,
}

impl MatchedDocuments {
    /// Creates it without documents, for a segment of `all` documents.
    pub(super) fn none_of(all: u32) -> Self {
        Self { bits: Bits::none_of(all), all, count: 0 }
    }

    pub(super) fn add(&mut self, document: DocId) {
        self.bits.add(document);
        self.count += 1;
    }

    /// Returns whether a document is in it.
    pub(super) fn has(&self, document: DocId) -> bool {
        self.bits.has(document)
    }

    /// Returns the number of documents in it.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// Returns whether most documents of the segment are in it.
    pub(super) fn is_most(&self) -> bool {
        self.count > self.all / 2
    }

    pub(super) fn documents(&self) -> impl Iterator<Item = DocId> {
        ones(self.bits.0.iter().copied())
    }

    /// Returns the documents of the segment that are not in it.
    pub(super) fn others(&self) -> impl Iterator<Item = DocId> {
        let all = self.all;
        ones(self.bits.0.iter().map(|bits| !bits)).take_while(move |document| *document < all)
    }
}

fn ones(words: impl Iterator<Item = u64>) -> impl Iterator<Item = DocId> {
    words.zip(0_u32..).flat_map(|(mut bits, word)| {
        std::iter::from_fn(move || {
            let bit = (bits != 0).then(|| bits.trailing_zeros())?;
            bits &= bits - 1;
            Some(64 * word + bit)
        })
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_document_is_in_it_or_not(all in 0_u32..300, some in prop::collection::btree_set(0_u32..300, 0..200)) {
            let some: BTreeSet<u32> = some.into_iter().filter(|document| *document < all).collect();
            let mut matched = MatchedDocuments::none_of(all);
            some.iter().for_each(|document| matched.add(*document));
            prop_assert_eq!(matched.count() as usize, some.len());
            prop_assert_eq!(matched.is_most(), matched.count() > all / 2);
            let others: Vec<u32> = (0..all).filter(|document| !some.contains(document)).collect();
            prop_assert_eq!(matched.others().collect::<Vec<_>>(), others);
            prop_assert!((0..all).all(|document| matched.has(document) == some.contains(&document)));
            prop_assert_eq!(matched.documents().collect::<BTreeSet<_>>(), some);
        }
    }
}
