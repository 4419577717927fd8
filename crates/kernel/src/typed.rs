//! Validation of typed text.

/// Validates a required line of text, and trims it.
///
/// # Errors
/// A sentence about `what` when it is empty, has more than `most` characters, contains one that can disguise it, or has only
/// invisible ones.
pub fn line(typed: &str, what: &str, most: usize) -> Result<String, String> {
    match optional_line(typed, what, most)? {
        empty if empty.is_empty() => Err(format!("{what} is missing. Enter it.")),
        text => Ok(text),
    }
}

/// Validates a line of text, and trims it.
///
/// # Errors
/// A sentence about `what` when it has more than `most` characters, contains one that can disguise it, or has only invisible
/// ones.
pub fn optional_line(typed: &str, what: &str, most: usize) -> Result<String, String> {
    checked(typed.trim().to_owned(), what, most, is_unseen)
}

/// The most characters of a typed value that a sentence repeats.
const REPEATED: usize = 60;

/// Returns the sentence about a typed value that is not `what`, such as "a day". An empty one is asked for. `form` says which to
/// enter, such as ", such as 2026-10-31" or " from 0 to 100"; it may be empty.
#[must_use]
pub fn misread(typed: &str, what: &str, form: &str) -> String {
    match typed.trim() {
        "" => format!("Enter {what}{form}."),
        typed => {
            let typed: String = typed.chars().take(REPEATED).collect();
            format!("'{typed}' is not {what}. Enter one{form}.")
        }
    }
}

/// The fewest characters of a reason for an act that cannot be undone.
pub const FEWEST_OF_REASON: usize = 10;

/// Validates the reason for an act that cannot be undone, a line, and trims it. It may be absent where nothing requires it.
///
/// # Errors
/// A sentence when it has fewer than [`FEWEST_OF_REASON`] characters, or [`optional_line`] refuses it.
pub fn optional_reason(typed: &str, most: usize) -> Result<String, String> {
    let reason = optional_line(typed, "The reason", most)?;
    match reason.chars().count() {
        length @ 1..FEWEST_OF_REASON => Err(format!(
            "The reason has {length} characters. Write at least {FEWEST_OF_REASON}, for those who read it later."
        )),
        _ => Ok(reason),
    }
}

/// Returns a pasted address without the spaces and invisible characters around it, which browsers and chats add.
#[must_use]
pub fn pasted(address: &str) -> &str {
    address.trim_matches(is_invisible)
}

/// Returns whether a character shows nothing, or can disguise a text.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    is_unseen(c) || is_blank(c)
}

/// Returns whether a text contains an address that programs for email turn into a link.
#[must_use]
pub fn names_address(text: &str) -> bool {
    // Browsers take these for dots in the names of hosts.
    let text = text.to_lowercase().replace(['\u{3002}', '\u{ff0e}', '\u{ff61}'], ".");
    let is_host = |word: &str| {
        let host = word.trim_matches(|c: char| !c.is_alphanumeric());
        let Some((name, end)) = host.rsplit_once('.') else {
            return false;
        };
        let is_end = end.chars().count() >= 2 && end.chars().all(char::is_alphabetic);
        is_end && name.chars().filter(|c| c.is_alphanumeric()).count() >= 2
    };
    let parts = |c: char| c.is_whitespace() || "/:?#,;()<>[]".contains(c);
    text.contains(['@', '\u{ff20}'])
        || text.contains("://")
        || text.contains("www.")
        || text.split(parts).any(is_host)
}

/// Validates a text of several lines, which end with a line feed, and trims it.
///
/// # Errors
/// A sentence about `what` when it has more than `most` characters, contains one that can disguise it, or has only invisible
/// ones.
pub fn paragraphs(typed: &str, what: &str, most: usize) -> Result<String, String> {
    let text = typed.replace("\r\n", "\n").trim().to_owned();
    checked(text, what, most, |c| is_unseen(c) && !matches!(c, '\n' | '\t'))
}

fn checked(
    text: String,
    what: &str,
    most: usize,
    refused: impl Fn(char) -> bool,
) -> Result<String, String> {
    let length = text.chars().count();
    if length > most {
        return Err(format!("{what} has {length} characters. Use at most {most}."));
    }
    match text.chars().find(|c| refused(*c)) {
        None if !text.is_empty() && text.chars().all(is_blank) => Err(format!(
            "{what} contains only invisible characters. Enter some that people can see."
        )),
        None => Ok(text),
        Some('\n' | '\r' | '\t') => {
            Err(format!("{what} contains a line break or a tab. Use one line without tabs."))
        }
        Some(c) => Err(format!(
            "{what} contains U+{:04X}, an invisible character. Remove it.",
            u32::from(c)
        )),
    }
}

/// Returns whether a character can disguise a text or control a terminal: control characters, and marks that override the
/// direction of text (Unicode Standard Annex #9, 2.4 and 2.5).
fn is_unseen(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Returns whether a character shows nothing: white space, the Braille pattern without dots, and the characters of Unicode's
/// property `Default_Ignorable_Code_Point` (`DerivedCoreProperties.txt`). In a text with others they join emoji and other characters, so
/// only a text of nothing else is refused.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{AD}'
                | '\u{34F}'
                | '\u{61C}'
                | '\u{115F}'..='\u{1160}'
                | '\u{17B4}'..='\u{17B5}'
                | '\u{180B}'..='\u{180F}'
                | '\u{200B}'..='\u{200F}'
                | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{FE00}'..='\u{FE0F}'
                | '\u{FEFF}'
                | '\u{FFA0}'
                | '\u{FFF0}'..='\u{FFF8}'
                | '\u{1BCA0}'..='\u{1BCA3}'
                | '\u{1D173}'..='\u{1D17A}'
                | '\u{E0000}'..='\u{E0FFF}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_trimmed_and_checked() {
        assert_eq!(line(" Low Tide ", "The name", 10), Ok("Low Tide".to_owned()));
        assert_eq!(optional_line(" ", "The name", 10), Ok(String::new()));
        for (typed, says) in [
            ("  ", "The name is missing. Enter it."),
            ("a name too long", "The name has 15 characters. Use at most 10."),
            ("two\nlines", "The name contains a line break or a tab. Use one line without tabs."),
            ("a\u{202E}b", "The name contains U+202E, an invisible character. Remove it."),
        ] {
            assert_eq!(line(typed, "The name", 10), Err(says.to_owned()));
        }
    }

    #[test]
    fn an_empty_value_is_asked_for_and_another_is_repeated() {
        let day = |typed: &str| misread(typed, "a day", ", such as 2026-10-31");
        assert_eq!(day(" "), "Enter a day, such as 2026-10-31.");
        assert_eq!(day(" soon "), "'soon' is not a day. Enter one, such as 2026-10-31.");
        assert_eq!(misread("", "a whole number", ""), "Enter a whole number.");
        assert!(day(&"long".repeat(99)).starts_with(&format!("'{}' is", "long".repeat(15))));
    }

    #[test]
    fn a_reason_says_something_or_is_absent() {
        let refused =
            "The reason has 9 characters. Write at least 10, for those who read it later.";
        for (typed, expected) in [
            (" ", Ok("")),
            (" too short ", Err(refused)),
            (" long enough", Ok("long enough")),
            ("exactly 10", Ok("exactly 10")),
            ("a reason too long", Err("The reason has 17 characters. Use at most 16.")),
        ] {
            let expected = expected.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(optional_reason(typed, 16), expected, "{typed}");
        }
    }

    #[test]
    fn a_text_of_invisible_characters_is_refused() {
        let says = "The name contains only invisible characters. Enter some that people can see.";
        for typed in ["\u{200B}", "\u{3164}", "\u{2800}\u{2800}", "\u{FE0F} \u{200D}", "\u{E0041}"]
        {
            assert_eq!(line(typed, "The name", 10), Err(says.to_owned()));
            assert_eq!(optional_line(typed, "The name", 10), Err(says.to_owned()));
            assert_eq!(paragraphs(typed, "The name", 10), Err(says.to_owned()));
        }
        // A joiner between characters, and the variation of an emoji.
        for typed in ["\u{646}\u{200C}\u{647}", "\u{2693}\u{FE0F}"] {
            assert_eq!(line(typed, "The name", 10), Ok(typed.to_owned()));
        }
    }

    #[test]
    fn pasted_addresses_lose_what_is_around_them() {
        for around in ["\u{200B}", "\u{FEFF}", "\u{A0} ", "\u{2060}", "\u{202A}", "\n", "\u{200E}"]
        {
            let typed = format!("{around}https://a.example/b{around}");
            assert_eq!(pasted(&typed), "https://a.example/b", "{typed:?}");
        }
        assert_eq!(pasted("\u{200B}"), "");
    }

    #[test]
    fn paragraphs_may_have_lines() {
        let typed = " one\r\n\r\n\ttwo ";
        assert_eq!(paragraphs(typed, "The text", 20), Ok("one\n\n\ttwo".to_owned()));
        assert!(paragraphs("a\u{7}b", "The text", 20).is_err());
    }
}
