use std::collections::BTreeSet;

use tantivy::{
    Searcher, Term,
    query::{BooleanQuery, FuzzyTermQuery, Query, TermQuery},
    schema::IndexRecordOption,
    tokenizer::TextAnalyzer,
};

use super::{SearchError, fields::IndexFields, ranking::Ranking};
use crate::rules::words;

/// The most words of a text that are searched.
const MOST_WORDS: usize = 64;
/// The most sequences of characters of a text that are searched.
const MOST_GRAMS: usize = 128;
/// The share of the documents above which a word is common: it ranks documents, but does not find them.
const COMMON: f64 = 0.1;
/// The weight of a sequence of characters relative to a word.
const GRAM_WEIGHT: f32 = 0.1;

/// A text to search for.
pub(super) struct Question {
    /// The words that find documents.
    rare: Vec<Term>,
    /// The words that most documents could contain.
    common: Vec<Term>,
    grams: Vec<Term>,
    numbers: Vec<Term>,
    /// Words that no document contains, with the words that are searched instead.
    pub(super) corrections: Vec<(String, String)>,
}

impl Question {
    /// Reads a text. Words that no document contains are replaced by the most frequent similar word, if there is one.
    pub(super) fn read(
        text: &str,
        analyzer: Option<TextAnalyzer>,
        searcher: &Searcher,
        fields: &IndexFields,
    ) -> Result<Self, SearchError> {
        let mut question = Self {
            rare: Vec::new(),
            common: Vec::new(),
            grams: grams(text, fields),
            numbers: numbers(text, fields),
            corrections: Vec::new(),
        };
        let most = (searcher.num_docs() as f64 * COMMON).max(1.0) as u64;
        for word in stems(text, analyzer) {
            let mut term = Term::from_field_text(fields.words, &word);
            let mut documents = searcher.doc_freq(&term)?;
            if documents == 0 {
                let Some((instead, of)) = similar(&word, searcher, fields)? else {
                    continue;
                };
                term = Term::from_field_text(fields.words, &instead);
                documents = of;
                question.corrections.push((word, instead));
            }
            if documents <= most { question.rare.push(term) } else { question.common.push(term) }
        }
        Ok(question)
    }

    /// Returns the query: documents with a rare word, or with a common one if the text has no other. `None` if no document
    /// can be found.
    pub(super) fn query(&self) -> Option<Box<dyn Query>> {
        let finding = if self.rare.is_empty() { &self.common } else { &self.rare };
        let mut finding: Vec<Box<dyn Query>> =
            finding.iter().chain(&self.numbers).map(plain).collect();
        match finding.len() {
            0 | 1 => finding.pop(),
            _ => Some(Box::new(BooleanQuery::union(finding))),
        }
    }

    /// Returns the terms that rank what [`Self::query`] finds: common words beside rare ones, and sequences of characters.
    pub(super) fn ranking(&self, searcher: &Searcher) -> tantivy::Result<Ranking> {
        let common = if self.rare.is_empty() { [].as_slice() } else { &self.common };
        let common = common.iter().map(|term| (term.clone(), 1.0));
        let grams = self.grams.iter().map(|term| (term.clone(), GRAM_WEIGHT));
        Ranking::of(common.chain(grams).collect(), searcher)
    }
}

fn plain(term: &Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs))
}

/// Returns the distinct words of a text as the index has them.
fn stems(text: &str, analyzer: Option<TextAnalyzer>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut stems = Vec::new();
    let Some(mut analyzer) = analyzer else {
        return stems;
    };
    let mut tokens = analyzer.token_stream(text);
    while stems.len() < MOST_WORDS && tokens.advance() {
        let text = &tokens.token().text;
        if seen.insert(text.clone()) {
            stems.push(text.clone());
        }
    }
    stems
}

fn grams(text: &str, fields: &IndexFields) -> Vec<Term> {
    let distinct: BTreeSet<String> = words::grams(text).into_iter().collect();
    let terms = distinct.into_iter().take(MOST_GRAMS);
    terms.map(|gram| Term::from_field_text(fields.grams, &gram)).collect()
}

fn numbers(text: &str, fields: &IndexFields) -> Vec<Term> {
    let distinct: BTreeSet<u64> = words::numbers(text).into_iter().collect();
    let terms = distinct.into_iter();
    terms.map(|number| Term::from_field_u64(fields.number, number)).collect()
}

/// Returns the word that most documents contain among those that differ from `word` by one mistype, or two in a word of
/// eight characters or more, and the number of these documents. Short words and numbers have none.
fn similar(
    word: &str,
    searcher: &Searcher,
    fields: &IndexFields,
) -> Result<Option<(String, u64)>, SearchError> {
    let mistypes = match word.chars().count() {
        _ if word.contains(|c: char| c.is_numeric() || c == '_') => return Ok(None),
        0..4 => return Ok(None),
        4..8 => 1,
        _ => 2,
    };
    for distance in 1..=mistypes {
        let term = Term::from_field_text(fields.words, word);
        let automaton = FuzzyTermQuery::new(term, distance, true).automaton()?;
        let mut best: Option<(String, u64)> = None;
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(fields.words)?;
            let mut stream = index.terms().search(&automaton).into_stream()?;
            while stream.advance() {
                let Ok(found) = std::str::from_utf8(stream.key()) else {
                    continue;
                };
                let of = searcher.doc_freq(&Term::from_field_text(fields.words, found))?;
                if best.as_ref().is_none_or(|(_, most)| of > *most) {
                    best = Some((found.to_owned(), of));
                }
            }
        }
        if best.is_some() {
            return Ok(best);
        }
    }
    Ok(None)
}
