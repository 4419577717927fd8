use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap, HashMap, HashSet},
    sync::Arc,
};

use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::{Column, StrColumn},
};

use super::fields;
use crate::{
    model::{Facet, Filters, Place, Sort},
    rules::vectors::behind,
};

/// Collects the best documents that pass all filters, and counts the values of facets. A facet counts the documents that
/// would remain if its own filter were another one, so documents that only its own filter excludes count for it.
pub(super) struct Best<'a> {
    pub(super) filters: &'a Filters,
    pub(super) sort: Sort,
    /// Only documents after this place are returned.
    pub(super) after: Option<Place>,
    pub(super) limit: usize,
    /// The worth of documents that were ranked before, by the numbers that identify them. All others are behind them.
    pub(super) worths: Option<Arc<HashMap<u64, u64>>>,
}

/// The results of one segment, or of all.
#[derive(Default)]
pub(super) struct Collected {
    /// The number of documents that pass all filters.
    pub(super) total: u64,
    /// The best documents.
    pub(super) best: Vec<(Place, String)>,
    /// The documents by facet and value.
    pub(super) counts: BTreeMap<Facet, BTreeMap<String, u64>>,
}

impl Collector for Best<'_> {
    type Fruit = Collected;
    type Child = OfSegment;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<OfSegment> {
        let columns = segment.fast_fields();
        let facets = Facet::ALL
            .into_iter()
            .map(|facet| Counted::of(facet, segment, self.filters));
        Ok(OfSegment {
            facets: facets.collect::<tantivy::Result<_>>()?,
            key: columns.str(fields::KEY)?,
            tie: columns.u64(fields::TIE)?,
            worth: match self.sort {
                Sort::Best => None,
                Sort::Worth => Some(columns.u64(fields::OVERALL)?),
                Sort::Impact => Some(columns.u64(fields::IMPACT)?),
                Sort::Trending => Some(columns.u64(fields::TREND)?),
                Sort::Recent => Some(columns.u64(fields::ACTIVE_AT)?),
            },
            after: self.after,
            limit: self.limit,
            worths: self.worths.clone(),
            total: 0,
            best: BinaryHeap::with_capacity(self.limit + 1),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Best
    }

    fn merge_fruits(&self, segments: Vec<Collected>) -> tantivy::Result<Collected> {
        let mut all = Collected::default();
        for segment in segments {
            all.total += segment.total;
            all.best.extend(segment.best);
            for (facet, counts) in segment.counts {
                let own = all.counts.entry(facet).or_default();
                for (value, count) in counts {
                    *own.entry(value).or_default() += count;
                }
            }
        }
        all.best.sort_unstable_by_key(|(place, _)| Reverse(*place));
        all.best.truncate(self.limit);
        Ok(all)
    }
}

/// A facet in one segment.
struct Counted {
    facet: Facet,
    values: Values,
    /// The codes that pass the filter, sorted; `None` without a filter.
    wanted: Option<Vec<u64>>,
    counts: Vec<u64>,
}

enum Values {
    Words(StrColumn),
    Numbers(Column<u64>),
    /// No document of the segment has a value.
    None,
}

impl Counted {
    fn of(facet: Facet, segment: &SegmentReader, filters: &Filters) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let chosen = filters.of(facet);
        let (values, size, codes) = match facet.buckets() {
            Some(buckets) => {
                let codes = chosen
                    .iter()
                    .filter_map(|name| buckets.iter().position(|own| own.name == *name));
                let codes = codes.map(|code| code as u64).collect();
                (
                    Values::Numbers(columns.u64(facet.name())?),
                    buckets.len(),
                    codes,
                )
            }
            None => match columns.str(facet.name())? {
                Some(words) => {
                    let mut codes = Vec::new();
                    for name in chosen {
                        codes.extend(words.dictionary().term_ord(name.as_bytes())?);
                    }
                    let size = words.num_terms();
                    (Values::Words(words), size, codes)
                }
                None => (Values::None, 0, Vec::new()),
            },
        };
        let wanted = (!chosen.is_empty()).then_some(codes);
        Ok(Self {
            facet,
            values,
            wanted,
            counts: vec![0; size],
        })
    }

    /// Calls `with` for each code of a document.
    fn codes(&self, document: DocId, mut with: impl FnMut(u64)) {
        match &self.values {
            Values::Words(words) => words.term_ords(document).for_each(with),
            Values::Numbers(numbers) => {
                if let Some(code) = numbers
                    .first(document)
                    .and_then(|number| self.facet.bucket(number))
                {
                    with(code);
                }
            }
            Values::None => {}
        }
    }

    fn passes(&self, document: DocId) -> bool {
        let Some(wanted) = &self.wanted else {
            return true;
        };
        let mut passes = false;
        self.codes(document, |code| passes |= wanted.contains(&code));
        passes
    }

    fn count(&mut self, document: DocId) {
        let mut counts = std::mem::take(&mut self.counts);
        self.codes(document, |code| {
            if let Some(count) = counts.get_mut(code as usize) {
                *count += 1;
            }
        });
        self.counts = counts;
    }

    /// Returns the counts by value.
    fn named(&self) -> BTreeMap<String, u64> {
        let counted = self
            .counts
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0);
        let named = counted.filter_map(|(code, count)| {
            let name = match &self.values {
                Values::Words(words) => {
                    let mut name = String::new();
                    words
                        .ord_to_str(code as u64, &mut name)
                        .ok()?
                        .then_some(name)?
                }
                _ => self.facet.buckets()?.get(code)?.name.to_owned(),
            };
            Some((name, *count))
        });
        named.collect()
    }
}

/// The collector of one segment.
pub(super) struct OfSegment {
    facets: Vec<Counted>,
    key: Option<StrColumn>,
    tie: Column<u64>,
    worth: Option<Column<u64>>,
    after: Option<Place>,
    limit: usize,
    worths: Option<Arc<HashMap<u64, u64>>>,
    total: u64,
    best: BinaryHeap<Reverse<(Place, DocId)>>,
}

impl SegmentCollector for OfSegment {
    type Fruit = Collected;

    fn collect(&mut self, document: DocId, score: Score) {
        let mut failing = None;
        for (index, facet) in self.facets.iter().enumerate() {
            if !facet.passes(document) && failing.replace(index).is_some() {
                return;
            }
        }
        if let Some(only) = failing {
            self.facets[only].count(document);
            return;
        }
        for facet in &mut self.facets {
            facet.count(document);
        }
        self.total += 1;
        let tie = self.tie.first(document).unwrap_or_default();
        // The bits of positive numbers sort like the numbers.
        let worth = match (&self.worth, &self.worths) {
            (Some(worth), _) => worth.first(document).unwrap_or_default(),
            (None, None) => score.max(0.0).to_bits().into(),
            (None, Some(worths)) => {
                let ranked = worths.get(&tie).copied();
                ranked.unwrap_or_else(|| behind(score).to_bits().into())
            }
        };
        let place = Place { worth, tie };
        if self.after.is_none_or(|after| place < after) {
            self.keep(place, document);
        }
    }

    fn harvest(self) -> Collected {
        let key = |document: DocId| {
            let mut key = String::new();
            let column = self.key.as_ref()?;
            let ord = column.term_ords(document).next()?;
            column.ord_to_str(ord, &mut key).ok()?.then_some(key)
        };
        let best = self
            .best
            .iter()
            .filter_map(|Reverse((place, document))| Some((*place, key(*document)?)));
        Collected {
            total: self.total,
            best: best.collect(),
            counts: self
                .facets
                .iter()
                .map(|facet| (facet.facet, facet.named()))
                .collect(),
        }
    }
}

/// Collects the numbers that identify the documents that pass all filters.
pub(super) struct Passing<'a> {
    pub(super) filters: &'a Filters,
}

/// The collector of one segment.
pub(super) struct PassingOfSegment {
    facets: Vec<Counted>,
    tie: Column<u64>,
    passing: HashSet<u64>,
}

impl Collector for Passing<'_> {
    type Fruit = HashSet<u64>;
    type Child = PassingOfSegment;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<PassingOfSegment> {
        let filtered = Facet::ALL.into_iter();
        let filtered = filtered.filter(|facet| !self.filters.of(*facet).is_empty());
        let facets = filtered.map(|facet| Counted::of(facet, segment, self.filters));
        Ok(PassingOfSegment {
            facets: facets.collect::<tantivy::Result<_>>()?,
            tie: segment.fast_fields().u64(fields::TIE)?,
            passing: HashSet::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<HashSet<u64>>) -> tantivy::Result<HashSet<u64>> {
        Ok(segments.into_iter().flatten().collect())
    }
}

impl SegmentCollector for PassingOfSegment {
    type Fruit = HashSet<u64>;

    fn collect(&mut self, document: DocId, _: Score) {
        if self.facets.iter().all(|facet| facet.passes(document)) {
            self.passing.extend(self.tie.first(document));
        }
    }

    fn harvest(self) -> HashSet<u64> {
        self.passing
    }
}

impl OfSegment {
    fn keep(&mut self, place: Place, document: DocId) {
        if self.best.len() < self.limit {
            self.best.push(Reverse((place, document)));
            return;
        }
        if let Some(mut least) = self.best.peek_mut()
            && place > least.0.0
        {
            *least = Reverse((place, document));
        }
    }
}
