use tantivy::{
    TantivyDocument, Term,
    schema::{
        FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
    },
};

use super::analysis;
use crate::{
    model::{Document, Facet, WorkKind},
    rules::words,
};

/// The name of the field with the key.
pub(super) const KEY: &str = "key";

/// How often a word of the title counts. Words of several fields in one, repeated by their weight, are BM25F as Robertson,
/// Zaragoza and Taylor define it ("Simple BM25 extension to multiple weighted fields", 2004).
const TITLE_WEIGHT: usize = 3;

/// The name of the field with the number that decides between equals.
pub(super) const TIE: &str = "tie";

/// The name of the field with the worth.
pub(super) const OVERALL: &str = "overall";

/// The name of the field with the attention.
pub(super) const TREND: &str = "trend";

/// The name of the field with the impact.
pub(super) const IMPACT: &str = "impact";

/// The name of the field with the time of the last activity.
pub(super) const ACTIVE_AT: &str = "active_at";

#[derive(Clone)]
pub(super) struct IndexFields {
    key: Field,
    /// Whole words or numbers, by facet.
    facets: [(Facet, Field); 7],
    tie: Field,
    overall: Field,
    trend: Field,
    impact: Field,
    active_at: Field,
    /// The words of title, description and labels.
    pub(super) words: Field,
    /// Sequences of characters of the title.
    pub(super) grams: Field,
    /// The number in the repository.
    pub(super) number: Field,
}

pub(super) fn schema() -> (Schema, IndexFields) {
    let mut schema = Schema::builder();
    let indexed = |analyzer: &str| {
        let indexing = TextFieldIndexing::default().set_tokenizer(analyzer);
        TextOptions::default()
            .set_indexing_options(indexing.set_index_option(IndexRecordOption::WithFreqs))
    };
    let fields = IndexFields {
        key: schema.add_text_field(KEY, STRING | FAST),
        words: schema.add_text_field("words", indexed(analysis::WORDS)),
        grams: schema.add_text_field("grams", indexed(analysis::GRAMS)),
        number: schema.add_u64_field("number", INDEXED),
        facets: Facet::ALL.map(|facet| {
            let field = match facet.buckets() {
                Some(_) => schema.add_u64_field(facet.name(), FAST),
                None => schema.add_text_field(facet.name(), TextOptions::default().set_fast("raw")),
            };
            (facet, field)
        }),
        tie: schema.add_u64_field(TIE, FAST),
        overall: schema.add_u64_field(OVERALL, FAST),
        trend: schema.add_u64_field(TREND, FAST),
        impact: schema.add_u64_field(IMPACT, FAST),
        active_at: schema.add_u64_field(ACTIVE_AT, FAST),
    };
    (schema.build(), fields)
}

impl IndexFields {
    /// Returns the term of a document's key.
    pub(super) fn key(&self, key: &str) -> Term {
        Term::from_field_text(self.key, key)
    }

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
        own.add_text(self.words, &document.repository);
        own.add_text(self.grams, &document.title);
        self.add_facets(&mut own, document);
        for (field, number) in [
            (self.tie, document.tie),
            (self.overall, document.overall),
            (self.trend, document.trend),
            (self.impact, document.impact),
            (self.active_at, document.active_at),
        ] {
            own.add_u64(field, number);
        }
        let named = words::numbers(&document.body);
        for number in document.number.into_iter().chain(named) {
            own.add_u64(self.number, number);
        }
        own
    }

    fn add_facets(&self, own: &mut TantivyDocument, document: &Document) {
        for (facet, field) in self.facets {
            let texts = match facet {
                Facet::Language => document.language.as_slice(),
                Facet::Topic => &document.topics,
                Facet::Label => &document.labels,
                Facet::Kind => {
                    own.add_text(field, document.kind.map_or("other", WorkKind::as_str));
                    continue;
                }
                Facet::Level => {
                    own.add_u64(field, document.complexity);
                    continue;
                }
                Facet::Hours => {
                    own.add_u64(field, document.hours);
                    continue;
                }
                Facet::Health => {
                    own.add_u64(field, document.health);
                    continue;
                }
            };
            for text in texts {
                own.add_text(field, text);
            }
        }
    }
}
