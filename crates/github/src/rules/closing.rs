//! Finds the issues that a pull request closes when it is merged: those that its description names after a keyword, as GitHub's
//! documentation "Linking a pull request to an issue" states it.

use std::collections::HashMap;

use super::names::is_full_name;

/// The most issues that are read from a description. GitHub's API is asked for as many.
pub const MOST: usize = 20;

/// The bytes of a description that are read. GitHub allows 65,536 characters.
const LONGEST: usize = 4 * 65_536;

/// The keywords. Their case does not matter.
const KEYWORDS: [&str; 9] =
    ["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"];

/// The beginning of the URL of an issue, in lower case.
const URL: &str = "https://github.com/";

/// Returns the issues that a description closes, sorted: `#12` in the repository `own` of the pull request, and
/// `owner/name#12` in lower case in another one. Comments and code are not read.
#[must_use]
pub fn closing_references(description: &str, own: Option<&str>) -> Vec<String> {
    let text = prose(bounded(description)).to_ascii_lowercase();
    let mut found: Vec<String> = Vec::new();
    for (start, word) in words(&text) {
        if found.len() >= MOST || !KEYWORDS.contains(&word) {
            continue;
        }
        let rest = &text[start + word.len()..];
        let rest = rest.strip_prefix(':').unwrap_or(rest);
        let reference = rest.trim_start_matches([' ', '\t']);
        if reference.len() == rest.len() {
            continue;
        }
        // A reference is one word, so that no keyword makes the rest of the text be read again.
        let reference = reference.split_whitespace().next().unwrap_or_default();
        if let Some((repository, number)) = read(reference) {
            found.push(reference_to(repository, number, own));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Returns the text of a reference to an issue. One to the repository `own` does not name it.
#[must_use]
pub fn reference_to(repository: Option<&str>, number: i64, own: Option<&str>) -> String {
    let other = repository.filter(|name| own.is_none_or(|own| !own.eq_ignore_ascii_case(name)));
    match other {
        Some(name) => format!("{}#{number}", name.to_ascii_lowercase()),
        None => format!("#{number}"),
    }
}

/// Reads the text of a reference: the repository, if it is another one, and the number.
#[must_use]
pub fn referenced(text: &str) -> Option<(Option<&str>, i64)> {
    let (name, number) = text.split_once('#')?;
    let repository = (!name.is_empty()).then_some(name);
    let is_valid = repository.is_none_or(is_full_name);
    let number = number.parse().ok().filter(|number| *number > 0)?;
    is_valid.then_some((repository, number))
}

/// Reads a reference at the beginning of a text in lower case: `#12`, `owner/name#12` or the URL of an issue.
fn read(text: &str) -> Option<(Option<&str>, i64)> {
    if let Some(path) = text.strip_prefix(URL) {
        let (name, rest) = path.split_once("/issues/")?;
        return is_full_name(name).then_some((Some(name), number(rest)?));
    }
    let (name, rest) = text.split_once('#')?;
    match name {
        "" => Some((None, number(rest)?)),
        name => is_full_name(name).then_some((Some(name), number(rest)?)),
    }
}

/// Reads a number at the beginning of a text, which no other character of a word follows.
fn number(text: &str) -> Option<i64> {
    let end = text.find(|c: char| !c.is_ascii_digit());
    let (digits, rest) = text.split_at(end.unwrap_or(text.len()));
    let ends = rest.chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '_');
    let number = digits.parse().ok().filter(|number| *number > 0);
    number.filter(|_| ends)
}

fn bounded(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
}

/// Returns the words of a text with their places. A word that follows a hyphen or an underscore is a part of another one.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '#');
    text.split(move |c: char| !is_part(c))
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

/// Returns a text without HTML comments, code blocks between fences, and code in a line.
fn prose(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    for line in without_comments(text).lines() {
        let begin = line.trim_start();
        let marks = ["```", "~~~"].into_iter().find(|mark| begin.starts_with(mark));
        match (fence, marks) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (Some(_), _) => {}
            (None, None) => push_without_code(line, &mut kept),
        }
        kept.push('\n');
    }
    kept
}

/// Returns a text without HTML comments. One that does not end reaches to the end.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("<!--") {
        kept.push_str(before);
        kept.push(' ');
        rest = comment.split_once("-->").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

/// Adds a line without its code, which begins and ends with the same number of backticks.
fn push_without_code(line: &str, kept: &mut String) {
    let last: HashMap<usize, usize> = runs(line).map(|(start, ticks)| (ticks, start)).collect();
    let mut at = 0;
    while let Some((start, ticks)) = runs(&line[at..]).next() {
        let start = at + start;
        kept.push_str(&line[at..start]);
        kept.push('`');
        at = start + ticks;
        // Nothing is searched for that does not come.
        if last.get(&ticks).is_some_and(|last| *last > start) {
            at += closing(&line[at..], ticks).unwrap_or(0);
        }
    }
    kept.push_str(&line[at..]);
}

/// Returns the runs of backticks in a line: where each begins, and its length.
fn runs(line: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + line[at..].find('`')?;
        let ticks = line[start..].bytes().take_while(|byte| *byte == b'`').count();
        at = start + ticks;
        Some((start, ticks))
    })
}

/// Returns the end of code that a number of backticks opened.
fn closing(inside: &str, ticks: usize) -> Option<usize> {
    runs(inside).find(|(_, run)| *run == ticks).map(|(start, run)| start + run)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> String {
        closing_references(text, Some("Octo-Org/Lantern")).join(" ")
    }

    #[test]
    fn keywords_and_references_are_read() {
        for (text, expected) in [
            ("Closes #12", "#12"),
            ("close #1, closed #2, fix #3 fixes #4", "#1 #2 #3 #4"),
            ("fixed #5. Resolve #6; resolves #7 (resolved #8)", "#5 #6 #7 #8"),
            ("CLOSES: #10", "#10"),
            ("Fixes octo-org/lantern#7", "#7"),
            ("Fixes Octo-Org/Harbor#7", "octo-org/harbor#7"),
            ("resolves https://github.com/octo-org/harbor/issues/31.", "octo-org/harbor#31"),
            ("Closes https://github.com/octo-org/lantern/issues/3#issuecomment-1", "#3"),
            ("Closes #2 and #3", "#2"),
            ("**Fixes** #4 or (fixes #5)", "#5"),
            ("- fixes\t#9", "#9"),
            ("Fixes #12 and fixes #12", "#12"),
            ("See #12", ""),
            ("Fixes#12", ""),
            ("Fixes:#12", ""),
            ("Fixes\n#12", ""),
            ("prefixes #12", ""),
            ("auto-fixes #12", ""),
            ("Fixes #12a", ""),
            ("Fixes #0", ""),
            ("Fixes #99999999999999999999", ""),
            ("Fixes octo org/lantern#7", ""),
            ("Fixes https://example.org/a/b/issues/3", ""),
            ("Fixes https://github.com/octo-org/lantern/pull/3", ""),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn comments_and_code_are_not_read() {
        for (text, expected) in [
            ("<!-- Fixes #1 --> Fixes #2", "#2"),
            ("Fixes #2 <!-- Fixes #1", "#2"),
            ("`Fixes #1` fixes #2", "#2"),
            ("``Fixes ` #1`` fixes #2", "#2"),
            ("A ` alone, fixes #2", "#2"),
            ("```\nFixes #1\n```\nFixes #2", "#2"),
            ("~~~ text\nFixes #1\n```\nFixes #3\n~~~\nFixes #2", "#2"),
            ("```\nFixes #1", ""),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn references_of_an_unknown_repository_keep_its_name() {
        let text = "Fixes octo-org/lantern#7 and closes #8";
        assert_eq!(closing_references(text, None), ["#8", "octo-org/lantern#7"]);
        assert_eq!(referenced("#8"), Some((None, 8)));
        let other = Some((Some("octo-org/lantern"), 7));
        assert_eq!(referenced("octo-org/lantern#7"), other);
        for bad in ["8", "#", "#-1", "#0", "octo#1"] {
            assert_eq!(referenced(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn each_keyword_closes_an_issue_whatever_stands_around(
            before in "[ a-z.\n]{0,20}",
            index in 0..KEYWORDS.len(),
            colon in any::<bool>(),
            number in 1..1_000_000_i64,
            after in "[ .,)\n]{0,20}",
        ) {
            let colon = if colon { ":" } else { "" };
            let text = format!("{before} {}{colon} #{number}{after}", KEYWORDS[index]);
            let found = closing_references(&text, None);
            prop_assert!(found.contains(&format!("#{number}")), "{text:?}: {found:?}");
        }
    }
}
