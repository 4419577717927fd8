//! The search index: words with BM25, in the server's own process (docs/adr/0028).

mod analysis;
mod fields;
mod question;

use tantivy::{
    DocAddress, Index as Engine, IndexReader, IndexWriter, ReloadPolicy, Searcher,
    collector::TopDocs, columnar::StrColumn,
};

use crate::model::{Document, Found, Hit};
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

    /// Adds documents, and shows them to searches that begin afterwards.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn add(
        &self,
        documents: impl IntoIterator<Item = Document>,
    ) -> Result<(), SearchError> {
        // One thread: segments, and with them the order of equal scores, are the same each time.
        let mut writer: IndexWriter = self.engine.writer_with_num_threads(1, WRITER_MEMORY)?;
        for document in documents {
            writer.add_document(self.fields.document(&document))?;
        }
        writer.commit()?;
        writer.wait_merging_threads()?;
        self.reader.reload()?;
        Ok(())
    }

    /// Finds the documents that fit a text best, at most `limit`.
    ///
    /// # Errors
    /// When the engine fails.
    pub(crate) fn search(&self, text: &str, limit: usize) -> Result<Found, SearchError> {
        let searcher = self.reader.searcher();
        let analyzer = self.engine.tokenizers().get(analysis::WORDS);
        let question = Question::read(text, analyzer, &searcher, &self.fields)?;
        let Some(query) = question.query() else {
            return Ok(Found::default());
        };
        let top = TopDocs::with_limit(limit.max(1)).order_by_score();
        let best = searcher.search(&query, &top)?;
        let keys = Keys::of(&searcher)?;
        let hits = best
            .into_iter()
            .take(limit)
            .map(|(score, place)| Ok(keys.hit(score, place)?));
        Ok(Found {
            hits: hits.collect::<Result<_, SearchError>>()?,
            corrections: question.corrections,
        })
    }
}

/// The keys of the documents, by segment.
struct Keys(Vec<Option<StrColumn>>);

impl Keys {
    fn of(searcher: &Searcher) -> Result<Self, SearchError> {
        let segments = searcher.segment_readers().iter();
        let keys = segments.map(|segment| Ok(segment.fast_fields().str(fields::KEY)?));
        Ok(Self(keys.collect::<Result<_, SearchError>>()?))
    }

    fn hit(&self, score: f32, place: DocAddress) -> std::io::Result<Hit> {
        let mut key = String::new();
        if let Some(column) = &self.0[place.segment_ord as usize]
            && let Some(ord) = column.term_ords(place.doc_id).next()
        {
            column.ord_to_str(ord, &mut key)?;
        }
        Ok(Hit { key, score })
    }
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
