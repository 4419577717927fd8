//! Parsing of titles: the conventional-commit prefix, and words that mark low value.

/// Returns the type of a conventional-commit title: `feat(ui)!: Add tabs` has the type `feat`.
#[must_use]
pub fn conventional_type(title: &str) -> Option<&str> {
    let (head, text) = title.trim_start().split_once(':')?;
    let head = head.strip_suffix('!').unwrap_or(head);
    let kind = match head.split_once('(') {
        Some((kind, scope)) => scope.ends_with(')').then_some(kind)?,
        None => head,
    };
    let plain = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphabetic());
    (plain && text.starts_with(char::is_whitespace)).then_some(kind)
}

/// Returns the first of `words` (lower case) that is a separate word of the title. Words that are written
/// apart match too: `white space` and `white-space` match `whitespace`.
#[must_use]
pub fn telling_word<'a>(title: &str, words: &'a [String]) -> Option<&'a str> {
    let title = title.to_lowercase();
    let parts: Vec<&str> = title
        .split(|character: char| !character.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect();
    let holds = |word: &str| {
        parts.contains(&word)
            || parts.windows(2).any(|pair| word.strip_prefix(pair[0]) == Some(pair[1]))
    };
    words.iter().map(String::as_str).find(|word| holds(word))
}
