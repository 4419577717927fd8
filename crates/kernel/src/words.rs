//! Words of sentences that are put together.

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
