//! Words of sentences that are put together.

use chrono::{Datelike as _, NaiveDate};

/// Returns a count with its noun in the right number: "1 person", "12 people".
///
/// ```
/// assert_eq!(kernel::counted(1, "mismatch", "mismatches"), "1 mismatch");
/// assert_eq!(kernel::counted(0, "mismatch", "mismatches"), "0 mismatches");
/// ```
#[must_use]
pub fn counted<N: TryInto<i64>>(count: N, one: &str, many: &str) -> String {
    let count = count.try_into().unwrap_or(i64::MAX);
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Formats an amount in millionths of a dollar: two decimals, and up to four for less than a dollar.
///
/// ```
/// assert_eq!(kernel::dollars(0), "$0");
/// assert_eq!(kernel::dollars(99), "under $0.0001");
/// assert_eq!(kernel::dollars(5_500), "$0.0055");
/// assert_eq!(kernel::dollars(600_000), "$0.60");
/// assert_eq!(kernel::dollars(100_000_000), "$100.00");
/// ```
#[must_use]
pub fn dollars(amount: i64) -> String {
    let value = amount as f64 / 1e6;
    match amount {
        0 => "$0".to_owned(),
        1..100 => "under $0.0001".to_owned(),
        100..1_000_000 => {
            let shown = format!("${value:.4}");
            let short = shown.trim_end_matches('0').len();
            shown[..short.max("$0.00".len())].to_owned()
        }
        _ => format!("${value:.2}"),
    }
}

/// Returns the days from one to another, which belongs to them; the first has its year if that differs.
///
/// ```
/// let day = |text: &str| -> chrono::NaiveDate { text.parse().expect("a day") };
/// assert_eq!(kernel::days(day("2026-10-28"), day("2026-12-06")), "28 Oct to 6 Dec 2026");
/// assert_eq!(kernel::days(day("2026-12-28"), day("2027-01-03")), "28 Dec 2026 to 3 Jan 2027");
/// ```
#[must_use]
pub fn days(first: NaiveDate, last: NaiveDate) -> String {
    let begun = if first.year() == last.year() { "%-d %b" } else { "%-d %b %Y" };
    format!("{} to {}", first.format(begun), last.format("%-d %b %Y"))
}

/// Returns a text with its first character in upper case.
///
/// ```
/// assert_eq!(kernel::capitalized("élan vital"), "Élan vital");
/// assert_eq!(kernel::capitalized(""), "");
/// ```
#[must_use]
pub fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).collect()
}

/// Returns texts as a list in a sentence: "a", "a or b", "a, b or c".
///
/// ```
/// assert_eq!(kernel::listed(&["wren", "finch", "rook"], "or"), "wren, finch or rook");
/// ```
#[must_use]
pub fn listed(texts: &[impl AsRef<str>], conjunction: &str) -> String {
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    match texts.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} {conjunction} {last}", others.join(", ")),
    }
}

/// The spelling of names in codes.
const SPELLED: [(&str, &str); 3] = [("api", "API"), ("github", "GitHub"), ("openid", "OpenID")];

/// Returns a code in words, such as the name of a job or an event. A word without vowels is an abbreviation.
///
/// ```
/// assert_eq!(kernel::in_words("GamingDetection"), "Gaming detection");
/// assert_eq!(kernel::in_words("pull_request.opened"), "Pull request opened");
/// assert_eq!(kernel::in_words("good-matches"), "Good matches");
/// assert_eq!(kernel::in_words("GithubSearches"), "GitHub searches");
/// assert_eq!(kernel::in_words("SmsRetention"), "SMS retention");
/// ```
#[must_use]
pub fn in_words(code: &str) -> String {
    let mut spaced = String::with_capacity(code.len());
    for c in code.chars() {
        if c.is_ascii_uppercase() || matches!(c, '_' | '-' | '.') {
            spaced.push(' ');
        }
        if c.is_alphanumeric() || c == ' ' {
            spaced.push(c.to_ascii_lowercase());
        }
    }
    let words: Vec<String> = spaced.split_whitespace().map(spelled).collect();
    capitalized(&words.join(" "))
}

fn spelled(word: &str) -> String {
    let own = SPELLED.iter().find(|(code, _)| *code == word);
    match own {
        Some((_, own)) => (*own).to_owned(),
        None if word.len() > 1 && !word.contains(['a', 'e', 'i', 'o', 'u', 'y']) => {
            word.to_ascii_uppercase()
        }
        None => word.to_owned(),
    }
}

/// The types of changes that some projects write before their titles.
const TYPES: [&str; 11] =
    ["build", "chore", "ci", "docs", "feat", "fix", "perf", "refactor", "revert", "style", "test"];

/// Returns the title of a change without the type that some projects write before it, for people who do not know the convention.
///
/// ```
/// assert_eq!(kernel::plain_title("feat(power)!: support readings"), "Support readings");
/// assert_eq!(kernel::plain_title("docs: Explain it: twice"), "Explain it: twice");
/// assert_eq!(kernel::plain_title("Tides: show them"), "Tides: show them");
/// ```
#[must_use]
pub fn plain_title(title: &str) -> String {
    let mut parts = title.splitn(2, ": ");
    let (before, after) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let before = before.strip_suffix('!').unwrap_or(before);
    let name = match before.find('(') {
        Some(at) if before.ends_with(')') => &before[..at],
        _ => before,
    };
    let is_type = TYPES.iter().any(|known| known.eq_ignore_ascii_case(name));
    if is_type && !after.trim().is_empty() {
        capitalized(after.trim_start())
    } else {
        title.to_owned()
    }
}
/// Returns the first words of a text: at most `most` characters, and a mark at the end if others follow.
///
/// ```
/// assert_eq!(kernel::first_words("An old, long list of berths", 14), "An old, long…");
/// assert_eq!(kernel::first_words("A berth", 14), "A berth");
/// ```
#[must_use]
pub fn first_words(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return text.to_owned();
    };
    // The mark takes the place of a character, or of the space before a word that is left out.
    let last = text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
    let words = text[..end].rsplit_once(' ').map_or(&text[..last], |(words, _)| words);
    format!("{}…", words.trim_end_matches([',', ';', ':', '.']))
}
