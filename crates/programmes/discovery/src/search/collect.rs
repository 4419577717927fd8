use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap, HashMap, HashSet},
    sync::Arc,
};

use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
};

use super::columns::{Columns, View};
use crate::{
    model::{Facet, Filters, Place, Sort},
    rules::vectors::behind,
};

/// Collects the best documents that pass all filters, and counts the values of facets. A facet counts the documents that
/// would remain if its own filter were another one, so documents that only its own filter excludes count for it.
pub(super) struct Best<'a> {
    pub(super) view: &'a View,
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
    /// The documents by facet and the code of the value.
    counts: Vec<(Facet, Vec<u64>)>,
}

impl Collected {
    /// Returns the documents by facet and value.
    pub(super) fn named(&self, view: &View) -> BTreeMap<Facet, BTreeMap<String, u64>> {
        let named = self.counts.iter().map(|(facet, counts)| {
            let counts = counts.iter().enumerate();
            let counted = counts.filter(|(_, count)| **count > 0);
            let named = counted
                .filter_map(|(code, count)| Some((view.name(*facet, code)?.to_owned(), *count)));
            (*facet, named.collect())
        });
        named.collect()
    }
}

impl Collector for Best<'_> {
    type Fruit = Collected;
    type Child = OfSegment;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        _: &SegmentReader,
    ) -> tantivy::Result<OfSegment> {
        let counts = Facet::ALL.map(|facet| (facet, vec![0; self.view.size(facet)]));
        Ok(OfSegment {
            columns: columns(self.view, segment)?,
            wanted: wanted(self.view, self.filters),
            counts: counts.into(),
            sort: self.sort,
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
        let mut segments = segments.into_iter();
        let mut all = segments.next().unwrap_or_default();
        for segment in segments {
            all.total += segment.total;
            all.best.extend(segment.best);
            for ((_, own), (_, counts)) in all.counts.iter_mut().zip(segment.counts) {
                own.iter_mut()
                    .zip(counts)
                    .for_each(|(own, count)| *own += count);
            }
        }
        if all.counts.is_empty() {
            all.counts = Facet::ALL.map(|facet| (facet, Vec::new())).into();
        }
        all.best.sort_unstable_by_key(|(place, _)| Reverse(*place));
        all.best.truncate(self.limit);
        Ok(all)
    }
}

fn columns(view: &View, segment: SegmentOrdinal) -> tantivy::Result<Arc<Columns>> {
    let columns = view.columns.get(segment as usize).cloned();
    columns
        .ok_or_else(|| tantivy::TantivyError::InternalError("a segment without columns".to_owned()))
}

/// Returns the filtered facets, with the codes that pass.
fn wanted(view: &View, filters: &Filters) -> Vec<(Facet, Vec<u32>)> {
    let filtered = Facet::ALL.into_iter();
    let filtered = filtered.filter(|facet| !filters.of(*facet).is_empty());
    let wanted = filtered.map(|facet| {
        let chosen = filters.of(facet).iter();
        (
            facet,
            chosen.filter_map(|name| view.code(facet, name)).collect(),
        )
    });
    wanted.collect()
}

fn passes(columns: &Columns, (facet, wanted): &(Facet, Vec<u32>), document: DocId) -> bool {
    let codes = columns.codes(*facet, document);
    codes.iter().any(|code| wanted.contains(code))
}

/// The collector of one segment.
pub(super) struct OfSegment {
    columns: Arc<Columns>,
    wanted: Vec<(Facet, Vec<u32>)>,
    counts: Vec<(Facet, Vec<u64>)>,
    sort: Sort,
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
        for wanted in &self.wanted {
            if !passes(&self.columns, wanted, document) && failing.replace(wanted.0).is_some() {
                return;
            }
        }
        for (facet, counts) in &mut self.counts {
            if failing.is_some_and(|only| only != *facet) {
                continue;
            }
            for code in self.columns.codes(*facet, document) {
                if let Some(count) = counts.get_mut(*code as usize) {
                    *count += 1;
                }
            }
        }
        if failing.is_none() {
            self.total += 1;
            self.consider(document, score);
        }
    }

    fn harvest(self) -> Collected {
        let best = self.best.iter();
        let best = best
            .filter_map(|Reverse((place, document))| Some((*place, self.columns.key(*document)?)));
        Collected {
            total: self.total,
            best: best.collect(),
            counts: self.counts,
        }
    }
}

impl OfSegment {
    /// Keeps a document if it is among the best.
    fn consider(&mut self, document: DocId, score: Score) {
        let tie = || self.columns.tie.first(document).unwrap_or_default();
        // The bits of positive numbers sort like the numbers.
        let worth = match (self.columns.order(self.sort), &self.worths) {
            (Some(order), _) => order.first(document).unwrap_or_default(),
            (None, None) => score.max(0.0).to_bits().into(),
            (None, Some(worths)) => {
                let ranked = worths.get(&tie()).copied();
                ranked.unwrap_or_else(|| behind(score).to_bits().into())
            }
        };
        let least = self.best.peek().filter(|_| self.best.len() >= self.limit);
        if least.is_some_and(|Reverse((least, _))| worth < least.worth) {
            return;
        }
        let place = Place { worth, tie: tie() };
        if self.after.is_none_or(|after| place < after) {
            self.keep(place, document);
        }
    }

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

/// Collects the numbers that identify the documents that pass all filters.
pub(super) struct Passing<'a> {
    pub(super) view: &'a View,
    pub(super) filters: &'a Filters,
}

/// The collector of one segment.
pub(super) struct PassingOfSegment {
    columns: Arc<Columns>,
    wanted: Vec<(Facet, Vec<u32>)>,
    passing: HashSet<u64>,
}

impl Collector for Passing<'_> {
    type Fruit = HashSet<u64>;
    type Child = PassingOfSegment;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        _: &SegmentReader,
    ) -> tantivy::Result<PassingOfSegment> {
        Ok(PassingOfSegment {
            columns: columns(self.view, segment)?,
            wanted: wanted(self.view, self.filters),
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
        if self
            .wanted
            .iter()
            .all(|wanted| passes(&self.columns, wanted, document))
        {
            self.passing.extend(self.columns.tie.first(document));
        }
    }

    fn harvest(self) -> HashSet<u64> {
        self.passing
    }
}
