use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap, HashMap, HashSet},
    sync::Arc,
};

use tantivy::{
    DocAddress, DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
};

use super::{
    columns::Columns,
    matched::MatchedDocuments,
    ranking::{self, Ranking},
    shown::CommittedView,
    wanted::{FilterVerdict, PassedFilters, WantedFilters},
};
use crate::{
    model::{Facet, Hit, ResultPlace, Sort},
    rules::vectors::behind,
};

/// Collects the best documents that pass all filters, and counts the values of facets. A facet counts the documents that
/// would remain if its own filter were another one, so documents that only its own filter excludes count for it.
pub(super) struct BestDocuments<'a> {
    pub(super) view: &'a CommittedView,
    pub(super) wanted: Arc<WantedFilters>,
    /// The terms that add to the scores of documents, if they are sorted by their scores.
    pub(super) ranking: &'a Ranking,
    pub(super) sort: Sort,
    /// Only documents after this place are returned.
    pub(super) after: Option<ResultPlace>,
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
    best: Vec<(ResultPlace, DocAddress)>,
    /// The documents by the code of the value.
    counts: Vec<u32>,
}

impl Collected {
    /// Returns the documents by facet and value.
    pub(super) fn facets(&self, view: &CommittedView) -> BTreeMap<Facet, BTreeMap<String, u64>> {
        let mut named: BTreeMap<_, BTreeMap<_, _>> =
            Facet::ALL.map(|facet| (facet, BTreeMap::new())).into();
        let counted = view.values().iter().zip(&self.counts);
        for ((facet, name), count) in counted.filter(|(_, count)| **count > 0) {
            let of = named.entry(*facet).or_default();
            of.insert(name.as_ref().to_owned(), u64::from(*count));
        }
        named
    }

    /// Returns the best documents, best first.
    pub(super) fn hits(&self, view: &CommittedView) -> Vec<Hit> {
        let best = self.best.iter();
        let hit = |(place, document): &(ResultPlace, DocAddress)| Hit {
            key: view.key(*document).unwrap_or_default(),
            place: *place,
        };
        best.map(hit).collect()
    }

    /// Returns the numbers that identify the best documents, best first.
    pub(super) fn ties(&self) -> Vec<u64> {
        self.best.iter().map(|(place, _)| place.tie).collect()
    }
}

impl Collector for BestDocuments<'_> {
    type Fruit = Collected;
    type Child = OfSegment;

    fn for_segment(
        &self,
        ordinal: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<OfSegment> {
        let order = match self.sort {
            Sort::Best => Order::Score(self.ranking.in_segment(segment)?, self.worths.clone()),
            sort => Order::Number(sort),
        };
        let columns = self.view.columns(ordinal)?;
        let none = || MatchedDocuments::none_of(segment.max_doc());
        Ok(OfSegment {
            ordinal,
            passed: self.wanted.in_segment(&columns),
            columns,
            wanted: Arc::clone(&self.wanted),
            matched: none(),
            excluded: self.wanted.filters().iter().map(|_| none()).collect(),
            counts: vec![0; self.view.values().len()],
            order,
            after: self.after,
            limit: self.limit,
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
            let counts = all.counts.iter_mut().zip(segment.counts);
            counts.for_each(|(all, own)| *all += own);
        }
        all.best.sort_unstable_by_key(|(place, _)| Reverse(*place));
        all.best.truncate(self.limit);
        Ok(all)
    }
}

/// The values that documents are sorted by.
enum Order {
    /// A number that they have.
    Number(Sort),
    /// Their score, unless they were ranked before.
    Score(ranking::OfSegment, Option<Arc<HashMap<u64, u64>>>),
}

pub(super) struct OfSegment {
    ordinal: SegmentOrdinal,
    columns: Arc<Columns>,
    wanted: Arc<WantedFilters>,
    passed: PassedFilters,
    /// The documents that pass all filters. Their values are counted at the end.
    matched: MatchedDocuments,
    /// The documents that only one filter excludes, by filter. They count for the facet of that filter.
    excluded: Vec<MatchedDocuments>,
    /// The documents by the code of the value.
    counts: Vec<u32>,
    order: Order,
    after: Option<ResultPlace>,
    limit: usize,
    best: BinaryHeap<Reverse<(ResultPlace, DocId)>>,
}

impl SegmentCollector for OfSegment {
    type Fruit = Collected;

    fn collect(&mut self, document: DocId, score: Score) {
        match self.passed.verdict(document) {
            FilterVerdict::All => {
                self.matched.add(document);
                self.consider(document, score);
            }
            FilterVerdict::ButOne(filter) => {
                if let Some(excluded) = self.excluded.get_mut(filter) {
                    excluded.add(document);
                }
            }
            FilterVerdict::Fewer => {}
        }
    }

    fn harvest(mut self) -> Collected {
        self.columns.count(&self.matched, &mut self.counts);
        for (filter, excluded) in self.wanted.filters().iter().zip(&self.excluded) {
            self.columns.count_some(excluded, &filter.codes, &mut self.counts);
        }
        let best = self.best.iter().map(|Reverse((place, document))| {
            let address = DocAddress::new(self.ordinal, *document);
            (*place, address)
        });
        Collected { total: self.matched.count().into(), best: best.collect(), counts: self.counts }
    }
}

impl OfSegment {
    /// Keeps a document if it is among the best.
    fn consider(&mut self, document: DocId, score: Score) {
        let least = self.best.peek().filter(|_| self.best.len() >= self.limit);
        let least = least.map_or(0, |Reverse((least, _))| least.worth);
        let Some(worth) = self.worth(document, score, least) else {
            return;
        };
        if worth < least {
            return;
        }
        let tie = self.columns.tie(document);
        let place = ResultPlace { worth, tie };
        if self.after.is_none_or(|after| place < after) {
            self.keep(place, document);
        }
    }

    /// Returns the number that a document is sorted by; `None` if it is less than `least`, or the document is on an earlier page.
    fn worth(&mut self, document: DocId, score: Score, least: u64) -> Option<u64> {
        let (ranking, worths) = match &mut self.order {
            Order::Number(sort) => {
                let numbers = self.columns.order(*sort).unwrap_or_default();
                return numbers.get(document as usize).copied();
            }
            Order::Score(ranking, worths) => (ranking, worths),
        };
        let Some(worths) = worths else {
            // Nothing takes from a score.
            if self.after.is_some_and(|after| bits(score) > after.worth) {
                return None;
            }
            let least = f32::from_bits(least as u32);
            return ranking.add(document, score, least).map(bits);
        };
        let ranked = worths.get(&self.columns.tie(document)).copied();
        if ranked.is_some() || bits(behind(score + ranking.most())) < least {
            return ranked;
        }
        let score = ranking.add(document, score, 0.0)?;
        Some(bits(behind(score)))
    }

    fn keep(&mut self, place: ResultPlace, document: DocId) {
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

/// Returns a score as a number that sorts like it: the bits of positive numbers do.
fn bits(score: Score) -> u64 {
    score.max(0.0).to_bits().into()
}

/// Collects the numbers that identify the documents that pass all filters.
pub(super) struct PassingDocuments<'a> {
    pub(super) view: &'a CommittedView,
    pub(super) wanted: Arc<WantedFilters>,
}

pub(super) struct PassingOfSegment {
    columns: Arc<Columns>,
    passed: PassedFilters,
    passing: HashSet<u64>,
}

impl Collector for PassingDocuments<'_> {
    type Fruit = HashSet<u64>;
    type Child = PassingOfSegment;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        _: &SegmentReader,
    ) -> tantivy::Result<PassingOfSegment> {
        let columns = self.view.columns(segment)?;
        Ok(PassingOfSegment {
            passed: self.wanted.in_segment(&columns),
            columns,
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
        if self.passed.verdict(document) == FilterVerdict::All {
            self.passing.insert(self.columns.tie(document));
        }
    }

    fn harvest(self) -> HashSet<u64> {
        self.passing
    }
}
