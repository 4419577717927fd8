use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use tantivy::query::{AllQuery, BooleanQuery, Query, TermSetQuery};

use super::{
    Index, SearchError, analysis,
    collect::{BestDocuments, PassingDocuments},
    question::Question,
    ranking::Ranking,
    shown::CommittedView,
    vectors::Vectors,
    wanted::WantedFilters,
};
use crate::{
    model::{Search, SearchMeans, SearchResults, Sort},
    rules::vectors::fused,
};

/// The nearest documents that a search finds by their vectors.
const NEAREST: usize = 100;

/// The documents that are ranked exactly by their words. Those behind them keep their order.
const RANKED: usize = 1_000;

impl Index {
    /// Finds documents by their words and vectors, and ranks them by both: the best places count most.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn search_near(
        &self,
        search: &Search,
        vectors: &Vectors,
        vector: &[f32],
        by: SearchMeans,
    ) -> Result<SearchResults, SearchError> {
        let view = self.shown.view();
        let wanted = Arc::new(WantedFilters::of(&view, &search.filters));
        let allowed = allowed(&view, search, &wanted)?;
        let near = vectors.nearest(vector, NEAREST, allowed.as_ref());
        let analyzer = self.engine.tokenizers().get(analysis::WORDS);
        let question = Question::read(&search.text, analyzer, &view.searcher, &self.fields)?;
        let by_words = question.query().filter(|_| by != SearchMeans::Vectors);
        let (ranking, ranked) = match &by_words {
            Some(query) => {
                let ranking = question.ranking(&view.searcher)?;
                let ranked = ranked(&view, &wanted, &**query, &ranking)?;
                (ranking, ranked)
            }
            None => (Ranking::default(), Vec::new()),
        };
        let mut places: HashMap<u64, [Option<usize>; 2]> = HashMap::new();
        for (place, tie) in ranked.into_iter().enumerate() {
            places.entry(tie).or_default()[0] = Some(place);
        }
        for (place, near) in near.iter().enumerate() {
            places.entry(near.tie).or_default()[1] = Some(place);
        }
        let worths = places.into_iter();
        let worths = worths.map(|(tie, places)| (tie, u64::from(fused(places).to_bits())));
        let by_key = TermSetQuery::new(near.iter().map(|near| self.fields.key(&near.key)));
        let mut parts: Vec<Box<dyn Query>> = vec![Box::new(by_key)];
        parts.extend(by_words);
        let best = BestDocuments {
            view: &view,
            wanted,
            ranking: &ranking,
            sort: Sort::Best,
            after: search.after,
            limit: search.limit,
            worths: Some(worths.collect::<HashMap<u64, u64>>().into()),
        };
        let collected = view.searcher.search(&BooleanQuery::union(parts), &best)?;
        Ok(SearchResults {
            hits: collected.hits(&view),
            total: collected.total,
            facets: collected.facets(&view),
            corrections: match by {
                SearchMeans::Vectors => Vec::new(),
                SearchMeans::Words | SearchMeans::Both => question.corrections,
            },
            by_meaning: true,
            ..SearchResults::default()
        })
    }
}

/// Returns the numbers that identify the documents that pass the filters; `None` if there are no filters.
fn allowed(
    view: &CommittedView,
    search: &Search,
    wanted: &Arc<WantedFilters>,
) -> Result<Option<HashSet<u64>>, SearchError> {
    if search.filters.is_empty() {
        return Ok(None);
    }
    let passing = PassingDocuments { view, wanted: Arc::clone(wanted) };
    Ok(Some(view.searcher.search(&AllQuery, &passing)?))
}

/// Returns the documents that fit the words best, by the numbers that identify them.
fn ranked(
    view: &CommittedView,
    wanted: &Arc<WantedFilters>,
    query: &dyn Query,
    ranking: &Ranking,
) -> Result<Vec<u64>, SearchError> {
    let best = BestDocuments {
        view,
        wanted: Arc::clone(wanted),
        ranking,
        sort: Sort::Best,
        after: None,
        limit: RANKED,
        worths: None,
    };
    Ok(view.searcher.search(query, &best)?.ties())
}
