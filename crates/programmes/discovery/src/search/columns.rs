//! The values that searches count and compare, in memory: to read them from the columns on disk for each search, and to look up
//! their names, would take most of its time.

use std::{collections::HashMap, sync::Arc};

use tantivy::{
    DocId, SegmentReader,
    columnar::{Column, StrColumn},
};

use super::{fields, matched::MatchedDocuments};
use crate::model::{Facet, Sort};

/// The codes of the values of all facets, the same in all segments: first those of ranges, then others in the order in which
/// they were first seen.
pub(super) struct Codes {
    codes: [HashMap<Arc<str>, u32>; Facet::ALL.len()],
    values: Vec<(Facet, Arc<str>)>,
}

impl Codes {
    /// Creates the codes of ranges.
    pub(super) fn new() -> Self {
        let mut own = Self { codes: Default::default(), values: Vec::new() };
        for facet in Facet::ALL {
            for range in facet.buckets().unwrap_or_default() {
                own.of(facet, range.name);
            }
        }
        own
    }

    /// Returns the values, in the order of their codes.
    pub(super) fn values(&self) -> &[(Facet, Arc<str>)] {
        &self.values
    }

    fn known(&self, facet: Facet, name: &str) -> Option<u32> {
        self.codes[facet as usize].get(name).copied()
    }

    /// Returns the code of a value, a new one if it has none.
    fn of(&mut self, facet: Facet, name: &str) -> u32 {
        if let Some(code) = self.known(facet, name) {
            return code;
        }
        let (code, name) = (self.values.len() as u32, Arc::<str>::from(name));
        self.codes[facet as usize].insert(Arc::clone(&name), code);
        self.values.push((facet, name));
        code
    }
}

/// The columns of one segment.
pub(super) struct Columns {
    /// The codes of each document, by facet.
    codes: NumberLists,
    /// The documents of each code, in order.
    documents: NumberLists,
    key: Option<StrColumn>,
    /// The numbers that decide between equals.
    ties: Vec<u64>,
    /// The numbers that results are sorted by: worth, impact, attention and the time of the last activity.
    orders: [Vec<u64>; 4],
}

impl Columns {
    pub(super) fn read(segment: &SegmentReader, codes: &mut Codes) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let facets = Facet::ALL.map(|facet| OfFacet::read(facet, segment, codes));
        let facets = facets.into_iter().collect::<tantivy::Result<Vec<_>>>()?;
        let mut of_documents = NumberLists::default();
        for document in 0..segment.max_doc() {
            for facet in &facets {
                facet.add(document, &mut of_documents.values);
            }
            of_documents.end();
        }
        of_documents.values.shrink_to_fit();
        let numbers = |name| -> tantivy::Result<Vec<u64>> {
            let column = columns.u64(name)?;
            let first = |document| column.first(document).unwrap_or_default();
            Ok((0..segment.max_doc()).map(first).collect())
        };
        Ok(Self {
            documents: of_documents.inverted(codes.values.len()),
            codes: of_documents,
            key: columns.str(fields::KEY)?,
            ties: numbers(fields::TIE)?,
            orders: [
                numbers(fields::OVERALL)?,
                numbers(fields::IMPACT)?,
                numbers(fields::TREND)?,
                numbers(fields::ACTIVE_AT)?,
            ],
        })
    }

    /// Returns the number of documents of the segment.
    pub(super) fn all(&self) -> u32 {
        self.codes.ends.len() as u32
    }

    /// Returns the documents with a code, in order.
    pub(super) fn with(&self, code: u32) -> &[DocId] {
        self.documents.of(code)
    }

    /// Returns the codes of a document, by facet.
    pub(super) fn codes(&self, document: DocId) -> &[u32] {
        self.codes.of(document)
    }

    /// Adds the values of documents to counts by code. Of most documents, the others are counted, which are fewer.
    pub(super) fn count(&self, documents: &MatchedDocuments, counts: &mut [u32]) {
        if !documents.is_most() {
            for document in documents.documents() {
                self.each(document, counts, |count| *count += 1);
            }
            return;
        }
        let totals = counts.iter_mut().zip(self.documents.lengths());
        totals.for_each(|(count, total)| *count += total);
        for document in documents.others() {
            self.each(document, counts, |count| *count -= 1);
        }
    }

    /// Adds those values of documents that are among `codes`, which ascend, to counts by code. With at least a 16th of the segment's
    /// documents, it is faster to look the documents of each code up among them than to read the values of each.
    pub(super) fn count_some(
        &self,
        documents: &MatchedDocuments,
        codes: &[u32],
        counts: &mut [u32],
    ) {
        if documents.count() < self.all() / 16 {
            let values = documents.documents();
            let values = values.flat_map(|document| self.codes(document));
            for code in values.filter(|code| codes.binary_search(code).is_ok()) {
                counts[*code as usize] += 1;
            }
            return;
        }
        for code in codes {
            let with = self.with(*code).iter();
            let with = with.filter(|document| documents.has(**document));
            counts[*code as usize] += with.count() as u32;
        }
    }

    fn each(&self, document: DocId, counts: &mut [u32], change: impl Fn(&mut u32)) {
        for code in self.codes(document) {
            if let Some(count) = counts.get_mut(*code as usize) {
                change(count);
            }
        }
    }

    /// Returns the number that decides between a document and its equals.
    pub(super) fn tie(&self, document: DocId) -> u64 {
        let tie = self.ties.get(document as usize);
        tie.copied().unwrap_or_default()
    }

    /// Returns the numbers that an order is by; `None` for the relevance.
    pub(super) fn order(&self, sort: Sort) -> Option<&[u64]> {
        let [overall, impact, trend, active_at] = &self.orders;
        match sort {
            Sort::Best => None,
            Sort::Worth => Some(overall),
            Sort::Impact => Some(impact),
            Sort::Trending => Some(trend),
            Sort::Recent => Some(active_at),
        }
    }

    pub(super) fn key(&self, document: DocId) -> Option<String> {
        let mut key = String::new();
        let column = self.key.as_ref()?;
        let ord = column.term_ords(document).next()?;
        column.ord_to_str(ord, &mut key).ok()?.then_some(key)
    }
}

/// Lists of numbers, for each number from 0 on, stored one behind another.
#[derive(Default)]
struct NumberLists {
    /// The ends of the lists in `values`.
    ends: Vec<u32>,
    values: Vec<u32>,
}

impl NumberLists {
    /// Ends the next list, which has the values that were added since the one before.
    fn end(&mut self) {
        self.ends.push(self.values.len() as u32);
    }

    /// Returns the list of a number, an empty one if there is none.
    fn of(&self, number: u32) -> &[u32] {
        let place = number as usize;
        let Some(end) = self.ends.get(place) else {
            return &[];
        };
        let values = self.start(place) as usize..*end as usize;
        self.values.get(values).unwrap_or_default()
    }

    fn start(&self, place: usize) -> u32 {
        let before = place.checked_sub(1);
        before.map_or(0, |before| self.ends[before])
    }

    fn lengths(&self) -> impl Iterator<Item = u32> {
        let ends = self.ends.iter().enumerate();
        ends.map(|(place, end)| end - self.start(place))
    }

    /// Returns for each value below `values` the numbers whose lists contain it, in order.
    fn inverted(&self, values: usize) -> Self {
        let mut ends = vec![0; values];
        for value in &self.values {
            ends[*value as usize] += 1;
        }
        let mut start = 0;
        for end in &mut ends {
            start += std::mem::replace(end, start);
        }
        // Each end grows from the start of its list.
        let mut numbers = vec![0; self.values.len()];
        for number in 0..self.ends.len() as u32 {
            for value in self.of(number) {
                let end = &mut ends[*value as usize];
                numbers[*end as usize] = number;
                *end += 1;
            }
        }
        Self { ends, values: numbers }
    }
}

/// The column of a facet on disk.
enum OfFacet {
    /// Numbers, and the code of the first range.
    Numbers(Facet, Column<u64>, u32),
    /// Words, and their codes.
    Words(StrColumn, Vec<u32>),
    None,
}

impl OfFacet {
    fn read(facet: Facet, segment: &SegmentReader, known: &mut Codes) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        if let Some(ranges) = facet.buckets() {
            let first = ranges.first().map_or(0, |range| known.of(facet, range.name));
            return Ok(Self::Numbers(facet, columns.u64(facet.name())?, first));
        }
        let Some(words) = columns.str(facet.name())? else {
            return Ok(Self::None);
        };
        let mut codes = Vec::with_capacity(words.num_terms());
        let mut terms = words.dictionary().stream()?;
        while terms.advance() {
            codes.push(known.of(facet, &String::from_utf8_lossy(terms.key())));
        }
        Ok(Self::Words(words, codes))
    }

    /// Adds the codes of a document.
    fn add(&self, document: DocId, to: &mut Vec<u32>) {
        match self {
            Self::Numbers(facet, numbers, first) => {
                let number = numbers.first(document);
                let range = number.and_then(|number| facet.bucket(number));
                to.extend(range.map(|range| first + range as u32));
            }
            Self::Words(words, codes) => {
                let ords = words.term_ords(document);
                to.extend(ords.filter_map(|ord| codes.get(ord as usize)));
            }
            Self::None => {}
        }
    }
}
