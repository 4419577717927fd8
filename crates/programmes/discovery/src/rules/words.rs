//! Words of a text that contains source code: identifiers count as a whole and by their parts.

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word in lower case.
    pub text: String,
    /// The byte at which it begins.
    pub start: usize,
    /// The byte after its end.
    pub end: usize,
}

/// The length of the longest word, in characters. Longer runs of characters are keys, hashes and encoded data.
const LONGEST: usize = 40;

/// The length of the sequences of characters that [`grams`] returns.
const GRAM: usize = 4;

/// Returns the words of a text, in order. An identifier such as `parseHTTPHeader` or `max_body_size` is followed by its
/// parts. Words of more than 40 characters are left out, but not their parts.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, c.is_alphanumeric() || c == '_') {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                identifier(text, from, at, &mut words);
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// Adds the word between two bytes of the text, and its parts if it has several.
fn identifier(text: &str, start: usize, end: usize, words: &mut Vec<Word>) {
    let parts = parts(&text[start..end]);
    if parts.len() > 1 {
        let whole = text[start..end].trim_matches('_');
        push(whole, start, end, words);
    }
    for (from, to) in parts {
        push(&text[start + from..start + to], start + from, start + to, words);
    }
}

fn push(text: &str, start: usize, end: usize, words: &mut Vec<Word>) {
    if text.chars().count() <= LONGEST {
        let text = text.to_lowercase();
        words.push(Word { text, start, end });
    }
}

/// The kind of a character, by which identifiers are divided.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CharacterKind {
    Upper,
    Lower,
    Digit,
    Separator,
}

fn kind(c: char) -> CharacterKind {
    match c {
        '_' => CharacterKind::Separator,
        _ if c.is_numeric() => CharacterKind::Digit,
        _ if c.is_uppercase() => CharacterKind::Upper,
        _ => CharacterKind::Lower,
    }
}

/// Divides an identifier at underscores, between a lower and an upper case character, before the last capital of a run that
/// a lower case character follows, and before and after digits.
fn parts(identifier: &str) -> Vec<(usize, usize)> {
    let characters: Vec<(usize, CharacterKind)> =
        identifier.char_indices().map(|(at, c)| (at, kind(c))).collect();
    let mut parts = Vec::new();
    let mut start = None;
    for (index, (at, kind)) in characters.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| characters[before].1);
        let after = characters.get(index + 1).map(|(_, kind)| *kind);
        if *kind == CharacterKind::Separator {
            parts.extend(start.take().map(|from| (from, *at)));
            continue;
        }
        let divides = match (before, *kind) {
            (Some(CharacterKind::Lower), CharacterKind::Upper) => true,
            (Some(CharacterKind::Upper), CharacterKind::Upper) => {
                after == Some(CharacterKind::Lower)
            }
            (Some(CharacterKind::Digit), kind) => kind != CharacterKind::Digit,
            (Some(CharacterKind::Upper | CharacterKind::Lower), CharacterKind::Digit) => true,
            _ => false,
        };
        if divides {
            parts.extend(start.take().map(|from| (from, *at)));
        }
        start.get_or_insert(*at);
    }
    parts.extend(start.map(|from| (from, identifier.len())));
    parts
}

/// Returns the sequences of four characters of a text in lower case, with a space for everything between words. They find
/// other forms of a word, and compounds.
#[must_use]
pub fn grams(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let plain: Vec<char> = format!(" {} ", words.join(" ")).chars().collect();
    plain.windows(GRAM).map(|gram| gram.iter().collect()).collect()
}

/// Returns the numbers that a text names with a number sign, such as `#281`, at most ten.
#[must_use]
pub fn numbers(text: &str) -> Vec<u64> {
    let named = text.split('#').skip(1).filter_map(|rest| {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        rest[..digits].parse().ok()
    });
    named.take(10).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn identifiers_are_whole_and_divided() {
        for (text, expected) in [
            ("Name the missing field.", "name the missing field"),
            ("parseHTTPHeader()", "parsehttpheader parse http header"),
            ("max_body_size", "max_body_size max body size"),
            ("_private__name_", "private__name private name"),
            ("utf8", "utf8 utf 8"),
            ("TLS1.3", "tls1 tls 1 3"),
            ("it's", "it s"),
            ("Über-Größe", "über größe"),
            ("__ _", ""),
            ("", ""),
        ] {
            assert_eq!(texts(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn long_runs_are_left_out() {
        let long = "a".repeat(LONGEST + 1);
        assert_eq!(texts(&format!("one {long} two")), ["one", "two"]);
        let name = ["setting"; 8].join("_");
        assert_eq!(texts(&name), ["setting"; 8]);
    }

    #[test]
    fn grams_cross_words() {
        assert_eq!(grams("Be it!").join("|").replace(' ', "_"), "_be_|be_i|e_it|_it_");
        assert_eq!(grams("a"), Vec::<String>::new());
        assert_eq!(grams("…"), Vec::<String>::new());
    }

    #[test]
    fn numbers_follow_a_number_sign() {
        assert_eq!(numbers("fix #281 and lantern#7, not 12 # 3"), [281, 7]);
        assert_eq!(numbers("#99999999999999999999 ##5"), [5]);
    }

    proptest! {
        #[test]
        fn words_are_where_they_say(text in "\\PC{0,80}") {
            for word in words(&text) {
                let stated = text[word.start..word.end].trim_matches('_').to_lowercase();
                prop_assert_eq!(word.text, stated);
            }
        }
    }
}
