//! The search index: words with BM25, in the server's own process (docs/adr/0028).

mod analysis;
mod collect;
mod fields;
mod question;

use tantivy::{
    Index as Engine, IndexReader, IndexWriter, ReloadPolicy, Searcher,
    query::{AllQuery, Query},
};

use crate::model::{Document, Found, Hit, Search, Sort};
use collect::Best;
use fields::Fields;
use question::Question;

/// The memory of the writer, in bytes. It writes a segment when it is full.
const WRITER_MEMORY: usize = 64 << 20;

/// The error of the search engine.
#[derive(Debug, thiserror::Error)]
#[error("the search index failed: {0}")]
pub(crate) struct SearchError(#[from] tantivy::TantivyError);

impl From<std::io::Error> for SearchError {
    fn from(error: std::io::Error) -> Self {
        Self(error.into())
    }
}

/// An index of documents.
pub(crate) struct Index {
    engine: Engine,
    reader: IndexReader,
    fields: Fields,
}

impl Index {
    /// Creates an empty index in memory.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn in_memory() -> Result<Self, SearchError> {
        let (schema, fields) = fields::schema();
        let engine = Engine::create_in_ram(schema);
        analysis::register(&engine);
        let reader = engine
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        Ok(Self {
            engine,
            reader,
            fields,
        })
    }

    /// Returns the writer of the index. There can be one at a time.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn writer(&self) -> Result<Writer<'_>, SearchError> {
        // One thread: segments, and with them the order of equal scores, are the same each time.
        let writer = self.engine.writer_with_num_threads(1, WRITER_MEMORY)?;
        Ok(Writer {
            index: self,
            writer,
        })
    }

    /// Finds documents, and counts them by facets.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn search(&self, search: &Search) -> Result<Found, SearchError> {
        let searcher = self.reader.searcher();
        if search.text.trim().is_empty() {
            let sort = match search.sort {
                Sort::Best => Sort::Worth,
                sort => sort,
            };
            return find(&searcher, &AllQuery, search, sort, Vec::new());
        }
        let analyzer = self.engine.tokenizers().get(analysis::WORDS);
        let question = Question::read(&search.text, analyzer, &searcher, &self.fields)?;
        let Some(query) = question.query() else {
            return Ok(Found::default());
        };
        find(&searcher, &query, search, search.sort, question.corrections)
    }
}

/// Adds documents to an index.
pub(crate) struct Writer<'a> {
    index: &'a Index,
    writer: IndexWriter,
}

impl Writer<'_> {
    /// Adds documents.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn add(
        &self,
        documents: impl IntoIterator<Item = Document>,
    ) -> Result<(), SearchError> {
        for document in documents {
            self.writer
                .add_document(self.index.fields.document(&document))?;
        }
        Ok(())
    }

    /// Shows the documents to searches that begin afterwards.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn finish(mut self) -> Result<(), SearchError> {
        self.writer.commit()?;
        self.writer.wait_merging_threads()?;
        self.index.reader.reload()?;
        Ok(())
    }
}

fn find(
    searcher: &Searcher,
    query: &dyn Query,
    search: &Search,
    sort: Sort,
    corrections: Vec<(String, String)>,
) -> Result<Found, SearchError> {
    let best = Best {
        filters: &search.filters,
        sort,
        after: search.after,
        limit: search.limit,
    };
    let collected = searcher.search(query, &best)?;
    let hits = collected.best.into_iter();
    Ok(Found {
        hits: hits.map(|(place, key)| Hit { key, place }).collect(),
        total: collected.total,
        facets: collected.counts,
        corrections,
    })
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
