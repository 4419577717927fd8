//! Splits a file's words into the places that rules apply to.

use super::patterns::Word;
use crate::check::{
    rust::{Kind, Token, tokens},
    sources::Source,
};

/// The texts and names of a file.
#[derive(Default)]
pub(super) struct Passages {
    /// Running text. A phrase may continue on the next line, but not in the next passage.
    pub(super) prose: Vec<Vec<Word>>,
    /// The first two words of each doc comment.
    pub(super) openings: Vec<Vec<Word>>,
    /// Complete texts, unchanged.
    pub(super) labels: Vec<Word>,
    /// The words of each identifier.
    pub(super) names: Vec<Vec<Word>>,
    /// Complete identifiers.
    pub(super) types: Vec<Word>,
    /// Names after `mod`.
    pub(super) modules: Vec<Word>,
}

/// Reads a file; `None` for kinds of files that are not checked.
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
        // A Rust file's name is already declared by its parent.
        passages.names.push(parts(stem, 1));
    }
    Some(passages)
}

fn of_text(words: Vec<Word>) -> Passages {
    Passages { prose: vec![words], ..Passages::default() }
}

/// Reads a template: everything is prose; texts between tags and in quotes are labels.
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

/// Reads a comment. Comments of one kind on consecutive lines form one passage.
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

/// Returns the text after `#` on each line.
fn hash_comments(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    for (line, text) in text.lines().enumerate() {
        if let Some((_, comment)) = text.split_once('#') {
            found.extend(words(comment, line + 1));
        }
    }
    found
}

/// Splits a text into lower-case words. `_` belongs to a word, so that identifiers stay complete, and so does an
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

/// Splits an identifier into words: `look_after`, `LookAfter` and `LOOK_AFTER` become `look`, `after`.
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
    Word { text: text.to_owned(), line }
}

fn lines_in(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}
