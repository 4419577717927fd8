//! The search index: words with BM25, in the server's own process (docs/adr/0028), and vectors in memory (docs/adr/0031).

mod analysis;
mod catalog;
mod collect;
mod columns;
mod fields;
mod folder;
mod highlight;
mod hybrid;
mod matched;
mod meaning;
mod pool;
mod question;
mod ranking;
mod shown;
mod vectors;
mod wanted;

use std::{path::Path, sync::Arc};

use tantivy::{
    Index as Engine, IndexWriter, ReloadPolicy, TantivyError,
    directory::MmapDirectory,
    merge_policy::LogMergePolicy,
    query::{AllQuery, Query},
};

use crate::model::{Document, IndexChange, Search, SearchResults, Sort};
use collect::BestDocuments;
use fields::IndexFields;
use question::Question;
use ranking::Ranking;
use shown::{CommittedView, ShownDocuments};
use wanted::WantedFilters;

pub(crate) use catalog::Catalog;
pub(crate) use highlight::Highlight;
pub(crate) use pool::{FittingIssue, Pool, PoolFilter};
pub(crate) use vectors::Vectors;

/// The memory of the writer, in bytes. It writes a segment when it is full.
const WRITER_MEMORY: usize = 64 << 20;

/// How segments are merged: a search looks its words up in each of them, so there should be few.
fn merging() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(3);
    policy.set_min_layer_size(1_000);
    // The logarithm to the base of two.
    policy.set_level_log_size(3.0);
    policy.set_del_docs_ratio_before_merge(0.3);
    policy
}

/// The error of the search engine.
#[derive(Debug, thiserror::Error)]
#[error("the search index failed: {0}")]
pub(crate) struct SearchError(#[from] TantivyError);

impl From<std::io::Error> for SearchError {
    fn from(error: std::io::Error) -> Self {
        Self(error.into())
    }
}

/// An index of documents.
pub(crate) struct Index {
    engine: Engine,
    shown: Arc<ShownDocuments>,
    fields: IndexFields,
}

impl Index {
    /// Creates an empty index in memory.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn in_memory() -> Result<Self, SearchError> {
        let (schema, fields) = fields::schema();
        Self::of(Engine::create_in_ram(schema), fields)
    }

    /// Opens the index in a directory, or creates an empty one.
    ///
    /// # Errors
    /// When the directory cannot be used, or has an index of another form.
    pub(crate) fn open(directory: &Path) -> Result<Self, SearchError> {
        let (schema, fields) = fields::schema();
        let files = MmapDirectory::open(directory).map_err(TantivyError::from)?;
        Self::of(Engine::open_or_create(files, schema)?, fields)
    }

    fn of(engine: Engine, fields: IndexFields) -> Result<Self, SearchError> {
        analysis::register(&engine);
        let reader = engine.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { engine, shown: Arc::new(ShownDocuments::new(reader)?), fields })
    }

    /// Returns the mark of the last commit, if it has one.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn mark(&self) -> Result<Option<String>, SearchError> {
        Ok(self.engine.load_metas()?.payload)
    }

    /// Returns the number of documents, and the sum of the numbers that decide between equals.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn totals(&self) -> Result<(u64, u64), SearchError> {
        let view = self.shown.view();
        let mut sum = 0;
        for segment in view.searcher.segment_readers() {
            let ties = segment.fast_fields().u64(fields::TIE)?;
            sum += segment.doc_ids_alive().filter_map(|document| ties.first(document)).sum::<u64>();
        }
        Ok((view.searcher.num_docs(), sum))
    }

    /// Returns the writer of the index. There can be one at a time.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn writer(&self) -> Result<Writer, SearchError> {
        // One thread: segments, and with them the order of equal scores, are the same each time.
        let engine = self.engine.writer_with_num_threads(1, WRITER_MEMORY)?;
        engine.set_merge_policy(Box::new(merging()));
        Ok(Writer { engine, shown: Arc::clone(&self.shown), fields: self.fields.clone() })
    }

    /// Returns what finds the words of a search in texts.
    pub(crate) fn highlight(&self, text: &str) -> Highlight {
        Highlight::new(self.engine.tokenizers().get(analysis::WORDS), text)
    }

    /// Finds documents, and counts them by facets.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn search(&self, search: &Search) -> Result<SearchResults, SearchError> {
        let view = self.shown.view();
        if search.text.trim().is_empty() {
            let sort = match search.sort {
                Sort::Best => Sort::Worth,
                sort => sort,
            };
            return find(&view, &AllQuery, &Ranking::default(), search, sort);
        }
        let analyzer = self.engine.tokenizers().get(analysis::WORDS);
        let question = Question::read(&search.text, analyzer, &view.searcher, &self.fields)?;
        let Some(query) = question.query() else {
            return Ok(SearchResults::default());
        };
        let ranking = match search.sort {
            Sort::Best => question.ranking(&view.searcher)?,
            _ => Ranking::default(),
        };
        let found = find(&view, &*query, &ranking, search, search.sort)?;
        Ok(SearchResults { corrections: question.corrections, ..found })
    }
}

/// Changes the documents of an index.
pub(crate) struct Writer {
    engine: IndexWriter,
    shown: Arc<ShownDocuments>,
    fields: IndexFields,
}

impl Writer {
    /// Adds documents that the index does not have.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn add(
        &self,
        documents: impl IntoIterator<Item = Document>,
    ) -> Result<(), SearchError> {
        for document in documents {
            self.engine.add_document(self.fields.document(&document))?;
        }
        Ok(())
    }

    /// Applies changes in their order.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn apply(
        &self,
        changes: impl IntoIterator<Item = IndexChange>,
    ) -> Result<(), SearchError> {
        for change in changes {
            let key = match &change {
                IndexChange::Put(document) => &document.key,
                IndexChange::Remove(key) => key,
            };
            self.engine.delete_term(self.fields.key(key));
            if let IndexChange::Put(document) = &change {
                self.engine.add_document(self.fields.document(document))?;
            }
        }
        Ok(())
    }

    /// Keeps the changes so far with a mark, and shows them to searches that begin afterwards.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn commit(&mut self, mark: &str) -> Result<(), SearchError> {
        let mut commit = self.engine.prepare_commit()?;
        commit.set_payload(mark);
        commit.commit()?;
        self.shown.reload()?;
        Ok(())
    }

    /// Shows the documents to searches that begin afterwards, and ends the writing.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn finish(mut self) -> Result<(), SearchError> {
        self.engine.commit()?;
        self.close()
    }

    /// Waits until segments are merged, and ends the writing.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn close(self) -> Result<(), SearchError> {
        self.engine.wait_merging_threads()?;
        self.shown.reload()?;
        Ok(())
    }
}

fn find(
    view: &CommittedView,
    query: &dyn Query,
    ranking: &Ranking,
    search: &Search,
    sort: Sort,
) -> Result<SearchResults, SearchError> {
    let best = BestDocuments {
        view,
        wanted: WantedFilters::of(view, &search.filters).into(),
        ranking,
        sort,
        after: search.after,
        limit: search.limit,
        worths: None,
    };
    let collected = view.searcher.search(query, &best)?;
    Ok(SearchResults {
        hits: collected.hits(view),
        total: collected.total,
        facets: collected.facets(view),
        ..SearchResults::default()
    })
}

#[cfg(test)]
mod counts;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
