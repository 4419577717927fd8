//! Checks that no doc comment only restates the name of its item: "The title." on `title`.

use std::collections::BTreeSet;

use anyhow::Result;

use super::{
    Tree, none_of,
    rust::{Kind, Token, tokens},
    sources::Source,
};

/// Names of derives and macros in files whose doc comments users read, in the API's description or in `--help`.
const PUBLISHED: &[&str] =
    &["ToSchema", "IntoParams", "codes", "utoipa", "Args", "Subcommand", "ValueEnum"];

/// Words that say nothing beside a name.
const EMPTY: &[&str] = &[
    "a", "all", "an", "and", "are", "as", "at", "be", "been", "by", "can", "contains", "created",
    "creates", "each", "every", "for", "from", "get", "gets", "give", "given", "gives", "had",
    "has", "have", "her", "his", "holds", "if", "in", "into", "is", "it", "its", "kind", "may",
    "new", "no", "not", "of", "on", "one", "or", "out", "per", "return", "returned", "returns",
    "state", "states", "than", "that", "the", "their", "there", "these", "this", "those", "to",
    "type", "up", "value", "was", "were", "what", "when", "which", "who", "whom", "with",
];

/// Checks the doc comments of one or two lines.
pub(super) fn check(tree: &Tree) -> Result<()> {
    let rust = tree.files.iter().filter(|file| file.path.ends_with(".rs"));
    none_of(&rust.flat_map(restating).collect::<Vec<_>>())
}

/// Returns a complaint for each doc comment that can go.
fn restating(file: &Source) -> Vec<String> {
    let tokens = tokens(&file.text);
    if tokens.iter().any(|token| PUBLISHED.iter().any(|name| token.names(name))) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let length = tokens[at..].iter().take_while(|token| is_doc(token)).count();
        if (1..=2).contains(&length)
            && adds_nothing(&tokens[at..at + length], &tokens[at + length..])
        {
            let Token { line, text, .. } = tokens[at];
            found.push(format!("{}:{line}: `{text}` restates the name: remove it", file.path));
        }
        at += length.max(1);
    }
    found
}

fn is_doc(token: &Token<'_>) -> bool {
    token.kind == Kind::Comment && token.text.starts_with("///")
}

/// Returns true if the item's names contain every word of its comment. Digits and code are more than words.
fn adds_nothing(comment: &[Token<'_>], following: &[Token<'_>]) -> bool {
    let text: String = comment.iter().map(|line| line.text.trim_start_matches('/')).collect();
    if text.contains(|c: char| c.is_ascii_digit() || "`$%/".contains(c)) {
        return false;
    }
    let names: BTreeSet<String> =
        names(following).flat_map(words).map(|word| stem(&word)).collect();
    let mut said = words(&text).filter(|word| !EMPTY.contains(&word.as_str()));
    said.all(|word| names.contains(&stem(&word)))
}

/// Returns the names in the head of the item, without its attributes.
fn names<'a>(following: &'a [Token<'a>]) -> impl Iterator<Item = &'a str> {
    let mut depth = 0_i32;
    let head = following.iter().skip_while(move |token| {
        let is_attribute = depth > 0 || token.is("#");
        depth += i32::from(token.is("[")) - i32::from(token.is("]"));
        is_attribute || token.is("]")
    });
    let head = head.take_while(|token| !["{", ";", ",", "="].iter().any(|mark| token.is(mark)));
    head.filter(|token| token.kind == Kind::Name).map(|token| token.text)
}

/// Splits a text or a name, `point_total` or `PointTotal`, into its words, in lower case.
fn words(text: &str) -> impl Iterator<Item = String> {
    let mut found = vec![String::new()];
    let mut was_lower = false;
    for character in text.chars() {
        if !character.is_alphabetic() || (character.is_uppercase() && was_lower) {
            found.push(String::new());
        }
        was_lower = character.is_lowercase();
        if let Some(word) = found.last_mut().filter(|_| character.is_alphabetic()) {
            word.extend(character.to_lowercase());
        }
    }
    found.into_iter().filter(|word| word.chars().count() > 1)
}

/// Cuts the endings of an English word, roughly: `merged`, `merges` and `merging` become `merg`.
fn stem(word: &str) -> String {
    let endings = ["ies", "ing", "ied", "ed", "es", "s", "er", "or", "ion", "e", "y"];
    let cut = endings.iter().filter_map(|ending| word.strip_suffix(ending));
    cut.clone().find(|rest| rest.chars().count() >= 3).unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::restating;
    use crate::check::sources::file;

    fn complaints(text: &str) -> usize {
        restating(&file("a.rs", text)).len()
    }

    #[test]
    fn a_comment_that_restates_the_name_is_named() {
        for text in [
            "struct A {\n/// The title.\ntitle: String }",
            "/// Returns the points of a person.\nfn points(person: Uuid) -> Points {}",
            "/// A badge.\n#[derive(Clone)]\nstruct Badge;",
            "struct A {\n/// When it was merged.\nmerged_at: Timestamp }",
        ] {
            assert_eq!(complaints(text), 1, "{text}");
        }
    }

    #[test]
    fn a_comment_that_says_more_stays() {
        for text in [
            "struct A {\n/// The title, cut to 200 characters.\ntitle: String }",
            "/// The time limit, in seconds.\nconst LIMIT: u64 = 5;",
            "/// Returns the points of a person, without those that are held.\nfn points(person: Uuid) {}",
            "/// `GET /seasons`.\nfn list() {}",
            "/// A badge.\n#[derive(ToSchema)]\nstruct Badge;",
        ] {
            assert_eq!(complaints(text), 0, "{text}");
        }
    }
}
