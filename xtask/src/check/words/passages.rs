//! The words of a file, by where rules look for them.

use super::patterns::Word;
use crate::check::{
    rust::{Kind, Token, tokens},
    sources::Source,
};

/// What a file says, and what it calls things.
#[derive(Default)]
pub(super) struct Passages {
    /// Running words. A phrase may go over lines, but not over passages.
    pub(super) prose: Vec<Vec<Word>>,
    /// The first two words of each doc comment.
    pub(super) openings: Vec<Vec<Word>>,
    /// Whole texts, as they are.
    pub(super) labels: Vec<Word>,
    /// The words of each identifier.
    pub(super) names: Vec<Vec<Word>>,
    /// Whole identifiers.
    pub(super) types: Vec<Word>,
    /// Names behind `mod`.
    pub(super) modules: Vec<Word>,
}

/// Reads a file; `None` where it is of no kind that people read or write.
pub(super) fn read(file: &Source) -> Option<Passages> {
    let path = file.path.as_str();
    let text = file.text.as_str();
    let name = path.rsplit('/').next().unwrap_or(path);
    let (stem, kind) = name.rsplit_once('.').unwrap_or((name, ""));
    let mut passages = match kind {
        "rs" => of_rust(text),
        "html" => of_template(text),
        "txt" if path.contains("/templates/") => of_template(text),
        "md" | "js" | "mjs" | "css" => of_text(words(text, 1)),
        "toml" | "yml" | "yaml" | "sh" => of_text(hash_comments(text)),
        _ => return None,
    };
    if kind != "rs" {
        // A Rust file's name is declared by its parent.
        passages.names.push(parts(stem, 1));
    }
    Some(passages)
}

fn of_text(words: Vec<Word>) -> Passages {
    Passages {
        prose: vec![words],
        ..Passages::default()
    }
}

/// Prose everywhere; labels between tags and in quotes.
fn of_template(text: &str) -> Passages {
    let mut passages = of_text(words(text, 1));
    let mut line = 1;
    for piece in text.split_inclusive(['<', '>', '"']) {
        let label = piece.trim_end_matches(['<', '>', '"']).trim();
        passages.labels.push(word(label, line));
        line += lines_in(piece);
    }
    passages
}

fn of_rust(text: &str) -> Passages {
    let mut passages = Passages::default();
    let tokens = tokens(text);
    let mut before: Option<Token> = None;
    for token in &tokens {
        match token.kind {
            Kind::Comment => comment(&mut passages, token, before.as_ref()),
            Kind::Text => {
                let unescaped = token.text.replace("\\n", "  ");
                passages.prose.push(words(&unescaped, token.line));
                passages.labels.push(word(token.text, token.line));
            }
            Kind::Name => {
                passages.names.push(parts(token.text, token.line));
                passages.types.push(word(token.text, token.line));
                if before.is_some_and(|before| before.names("mod")) {
                    passages.modules.push(word(token.text, token.line));
                }
            }
            Kind::Mark => {}
        }
        before = Some(*token);
    }
    passages
}

/// Comments of one kind on consecutive lines are one passage.
fn comment(passages: &mut Passages, token: &Token<'_>, before: Option<&Token<'_>>) {
    let words = words(token.text, token.line);
    let continues = before.is_some_and(|before| {
        before.kind == Kind::Comment
            && before.line + 1 == token.line
            && slashes(before.text) == slashes(token.text)
    });
    match passages.prose.last_mut() {
        Some(passage) if continues => passage.extend(words),
        _ => {
            if matches!(slashes(token.text), "///" | "//!") {
                let first = words.iter().take(2).cloned();
                passages.openings.push(first.collect());
            }
            passages.prose.push(words);
        }
    }
}

fn slashes(comment: &str) -> &str {
    let end = comment.find(|c| c != '/' && c != '!');
    &comment[..end.unwrap_or(comment.len())]
}

/// What is behind `#` on each line.
fn hash_comments(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    for (line, text) in text.lines().enumerate() {
        if let Some((_, comment)) = text.split_once('#') {
            found.extend(words(comment, line + 1));
        }
    }
    found
}

/// Words of a text in small letters. `_` belongs to a word, so that identifiers stay whole; so does an
/// apostrophe within it.
fn words(text: &str, first_line: usize) -> Vec<Word> {
    let mut found = Vec::new();
    let mut line = first_line;
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '\'' | '’');
    for piece in text.split_inclusive(|c: char| !is_part(c)) {
        let trimmed = piece.trim_matches(|c: char| !c.is_alphanumeric() && c != '_');
        if !trimmed.is_empty() {
            found.push(word(&trimmed.to_lowercase().replace('’', "'"), line));
        }
        line += lines_in(piece);
    }
    found
}

/// The words of an identifier: `look_after`, `LookAfter` and `LOOK_AFTER` are `look`, `after`.
fn parts(name: &str, line: usize) -> Vec<Word> {
    let mut found = Vec::new();
    for piece in name.split(['_', '-', '.']) {
        let is_constant = !piece.chars().any(char::is_lowercase);
        let mut part = String::new();
        for c in piece.chars() {
            if c.is_uppercase() && !is_constant && !part.is_empty() {
                found.push(word(&part, line));
                part.clear();
            }
            part.extend(c.to_lowercase());
        }
        if !part.is_empty() {
            found.push(word(&part, line));
        }
    }
    found
}

fn word(text: &str, line: usize) -> Word {
    Word {
        text: text.to_owned(),
        line,
    }
}

fn lines_in(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}
