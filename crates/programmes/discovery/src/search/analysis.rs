use tantivy::{
    Index,
    tokenizer::{Language, Stemmer, StopWordFilter, TextAnalyzer, Token, TokenStream, Tokenizer},
};

use crate::rules::words;

/// The name of the analyzer of words.
pub(super) const WORDS: &str = "discovery_words";

/// The name of the analyzer of sequences of characters.
pub(super) const GRAMS: &str = "discovery_grams";

/// Registers the analyzers of the fields.
pub(super) fn register(index: &Index) {
    let words = TextAnalyzer::builder(Words)
        .filter(StopWordFilter::remove(STOP_WORDS.iter().map(|word| (*word).to_owned())))
        .filter(Stemmer::new(Language::English))
        .build();
    index.tokenizers().register(WORDS, words);
    index.tokenizers().register(GRAMS, Grams);
}

/// English words that say nothing about a document: those of Lucene's English analyzer.
const STOP_WORDS: [&str; 33] = [
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it",
    "no", "not", "of", "on", "or", "such", "that", "the", "their", "then", "there", "these",
    "they", "this", "to", "was", "will", "with",
];

/// Divides a text into words.
#[derive(Clone)]
struct Words;

impl Tokenizer for Words {
    type TokenStream<'a> = Tokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens {
        let token = |(position, word): (usize, words::Word)| Token {
            offset_from: word.start,
            offset_to: word.end,
            position,
            text: word.text,
            position_length: 1,
        };
        let words = words::words(text).into_iter().enumerate();
        Tokens::new(words.map(token).collect())
    }
}

/// Divides a text into sequences of characters.
#[derive(Clone)]
struct Grams;

impl Tokenizer for Grams {
    type TokenStream<'a> = Tokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens {
        let token =
            |(position, text): (usize, String)| Token { position, text, ..Token::default() };
        let grams = words::grams(text).into_iter().enumerate();
        Tokens::new(grams.map(token).collect())
    }
}

/// Tokens in order.
struct Tokens {
    /// The tokens that follow, last first.
    rest: Vec<Token>,
    current: Token,
}

impl Tokens {
    fn new(mut tokens: Vec<Token>) -> Self {
        tokens.reverse();
        Self { rest: tokens, current: Token::default() }
    }
}

impl TokenStream for Tokens {
    fn advance(&mut self) -> bool {
        let Some(token) = self.rest.pop() else {
            return false;
        };
        self.current = token;
        true
    }

    fn token(&self) -> &Token {
        &self.current
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.current
    }
}
