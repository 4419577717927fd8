use std::{collections::BTreeSet, ops::Range};

use tantivy::tokenizer::TextAnalyzer;

/// Finds the words of a search in texts.
pub(crate) struct Highlight {
    analyzer: Option<TextAnalyzer>,
    stems: BTreeSet<String>,
}

impl Highlight {
    pub(super) fn new(mut analyzer: Option<TextAnalyzer>, text: &str) -> Self {
        let mut stems = BTreeSet::new();
        if let Some(analyzer) = &mut analyzer {
            let mut tokens = analyzer.token_stream(text);
            while tokens.advance() {
                stems.insert(tokens.token().text.clone());
            }
        }
        Self { analyzer, stems }
    }

    /// Returns the places of the words in a text, in bytes, in their order and without overlaps.
    pub(crate) fn places(&mut self, text: &str) -> Vec<Range<usize>> {
        let mut places: Vec<Range<usize>> = Vec::new();
        let Some(analyzer) = &mut self.analyzer else {
            return places;
        };
        if self.stems.is_empty() {
            return places;
        }
        let mut tokens = analyzer.token_stream(text);
        while tokens.advance() {
            let token = tokens.token();
            let is_found = self.stems.contains(&token.text);
            let (from, to) = (token.offset_from, token.offset_to);
            let is_after = places.last().is_none_or(|last| from >= last.end);
            if is_found && is_after && from < to && text.get(from..to).is_some() {
                places.push(from..to);
            }
        }
        places
    }
}
