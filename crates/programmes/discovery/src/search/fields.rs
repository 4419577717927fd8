use tantivy::{
    TantivyDocument,
    schema::{
        FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
    },
};

use super::analysis;
use crate::{model::Document, rules::words};

/// The name of the field with the key.
pub(super) const KEY: &str = "key";

/// How often a word of the title counts. Words of several fields in one, repeated by their weight, are BM25F as Robertson,
/// Zaragoza and Taylor define it ("Simple BM25 extension to multiple weighted fields", 2004).
const TITLE_WEIGHT: usize = 3;

/// The fields of the index.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    key: Field,
    /// The words of title, description and labels.
    pub(super) words: Field,
    /// Sequences of characters of the title.
    pub(super) grams: Field,
    /// The number in the repository.
    pub(super) number: Field,
}

/// Returns the schema of the index.
pub(super) fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let indexed = |analyzer: &str| {
        let indexing = TextFieldIndexing::default().set_tokenizer(analyzer);
        TextOptions::default()
            .set_indexing_options(indexing.set_index_option(IndexRecordOption::WithFreqs))
    };
    let fields = Fields {
        key: schema.add_text_field(KEY, STRING | FAST),
        words: schema.add_text_field("words", indexed(analysis::WORDS)),
        grams: schema.add_text_field("grams", indexed(analysis::GRAMS)),
        number: schema.add_u64_field("number", INDEXED),
    };
    (schema.build(), fields)
}

impl Fields {
    /// Returns a document as the engine stores it.
    pub(super) fn document(&self, document: &Document) -> TantivyDocument {
        let mut own = TantivyDocument::new();
        own.add_text(self.key, &document.key);
        for _ in 0..TITLE_WEIGHT {
            own.add_text(self.words, &document.title);
        }
        own.add_text(self.words, &document.body);
        for label in &document.labels {
            own.add_text(self.words, label);
        }
        own.add_text(self.grams, &document.title);
        let named = words::numbers(&document.body);
        for number in document.number.into_iter().chain(named) {
            own.add_u64(self.number, number);
        }
        own
    }
}
