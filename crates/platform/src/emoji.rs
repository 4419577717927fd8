//! Emoji that are letters or digits for Unicode.

/// The selector of the colored form of a character, and the key around a digit.
const VARIATION: char = '\u{fe0f}';
const KEY: char = '\u{20e3}';

/// Returns a text without the emoji that would count as words (`ℹ️`, `🅱`), and with digits for keys (`1️⃣`). Keys before the
/// words only decorate them, as in `1️⃣ bug`, and are left out; behind them they are numbers, as in `level 1️⃣`.
#[must_use]
pub fn without_signs(text: &str) -> String {
    let (mut kept, mut leading) = (String::with_capacity(text.len()), String::new());
    let mut has_words = false;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let is_key = matches!(rest.peek(), Some(&(VARIATION | KEY)));
        if is_word(c) || matches!(c, VARIATION | KEY) {
            kept.push(' ');
        } else if is_key && !has_words {
            leading.push(c);
        } else {
            has_words |= c.is_alphanumeric();
            kept.push(c);
        }
    }
    if kept.trim().is_empty() { leading } else { kept }
}

/// Returns whether an emoji is a character of words for Unicode.
fn is_word(c: char) -> bool {
    matches!(c, 'ℹ' | 'Ⓜ' | '\u{1f170}'..='\u{1f189}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_left_out() {
        for (text, expected) in [
            ("1️⃣ bug", "bug"),
            ("#️⃣ *️⃣ bug", "bug"),
            ("ℹ️ spam", "spam"),
            ("spam ℹ", "spam"),
            ("🅱️ bug", "bug"),
            ("Ⓜ️ bug", "bug"),
            ("level 1️⃣", "level 1"),
            ("1 bug", "1 bug"),
            ("1️⃣", "1"),
            ("⚠️ bug", "bug"),
            ("ℹ️", ""),
            ("#", "#"),
            ("#️⃣", "#"),
            ("", ""),
        ] {
            let found = without_signs(text);
            let found = found.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(found, expected, "{text}");
        }
    }
}
