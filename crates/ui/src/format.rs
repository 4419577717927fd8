//! Formatting of numbers and instants for people.

mod linked;
mod when;

use std::fmt;

use askama::filters::{Escaper as _, Html, HtmlSafe};
use chrono::{TimeDelta, Timelike as _};
use kernel::{Month, Timestamp};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

pub use linked::{Linked, linked};
pub use when::{Dated, Present, When, dated};

/// The typographic minus sign.
const MINUS: char = '\u{2212}';

/// A whole number with thousands separators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number(pub i64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal(&self.0.to_string()))
    }
}

impl Number {
    /// Formats the number with its noun: "1 person", "1,204 people".
    pub fn of(self, one: &str, many: &str) -> String {
        format!("{self} {}", if self.0 == 1 { one } else { many })
    }
}

/// A whole number with a plus or minus sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed(pub i64);

impl Signed {
    /// Formats the number with its noun, such as "+1 point" or "−20 points".
    #[must_use]
    pub fn of(self, one: &str, many: &str) -> String {
        let noun = if matches!(self.0, 1 | -1) { one } else { many };
        format!("{self} {noun}")
    }
}

impl fmt::Display for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plus = if self.0 > 0 { "+" } else { "" };
        write!(f, "{plus}{}", Number(self.0))
    }
}

/// Formats an exact decimal with thousands separators, keeping every digit.
#[must_use]
pub fn exact(value: impl fmt::Display) -> String {
    decimal(&value.to_string())
}

fn decimal(plain: &str) -> String {
    let (minus, digits) = match plain.strip_prefix('-') {
        Some(digits) => (Some(MINUS), digits),
        None => (None, plain),
    };
    let (whole, fraction) = match digits.find('.') {
        Some(point) => digits.split_at(point),
        None => (digits, ""),
    };
    let mut text = String::from_iter(minus);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + fraction
}

/// Formats a number in short form: "940", "12k", "3.4M".
pub fn compact(number: i64) -> String {
    const UNITS: [(f64, &str); 6] =
        [(1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")];
    let size = number.unsigned_abs() as f64;
    let Some((unit, name)) = UNITS.iter().find(|(unit, _)| size >= *unit) else {
        return Number(number).to_string();
    };
    let unit = if *name == "k" { 1e3 } else { *unit };
    let minus = if number < 0 { "−" } else { "" };
    let rounded = size / unit;
    if rounded < 10.0 {
        format!("{minus}{rounded:.1}{name}")
    } else {
        format!("{minus}{rounded:.0}{name}")
    }
}

/// Formats a size in short form: "940 B", "12 kB", "3.4 MB".
pub fn bytes(count: i64) -> String {
    let short = compact(count);
    match short.find(char::is_alphabetic) {
        Some(unit) => format!("{} {}B", &short[..unit], &short[unit..]),
        None => format!("{short} B"),
    }
}

/// Formats seconds in the largest fitting unit: "45 s", "12 min", "5.2 h", "3.1 d", with a no-break space.
#[must_use]
pub fn duration(seconds: i64) -> String {
    let (size, unit) = match seconds {
        ..60 => return format!("{seconds}\u{a0}s"),
        60..3_600 => return format!("{}\u{a0}min", seconds / 60),
        3_600..172_800 => (3_600.0, "h"),
        _ => (86_400.0, "d"),
    };
    let number = seconds as f64 / size;
    if number < 100.0 {
        format!("{number:.1}\u{a0}{unit}")
    } else {
        format!("{}\u{a0}{unit}", Number(number.round() as i64))
    }
}

/// Counts the days of a time. Two days or more are rounded to the nearest, beside which pages say the date; a shorter time is cut
/// off.
#[must_use]
pub fn days_of(time: TimeDelta) -> i64 {
    match time.num_hours() {
        hours @ 48.. => (hours + 12) / 24,
        hours => hours / 24,
    }
}

/// The fewest people of whom a share says something.
const FEW_PEOPLE: i64 = 10;

/// Formats a rank among people as "top 0.4%", rounded up so that it never says "top 0%". People who are tied share the best rank.
/// Empty among fewer than 10 people.
#[must_use]
pub fn top(rank: i64, people: i64) -> String {
    let share = 100.0 * rank as f64 / people.max(1) as f64;
    if people < FEW_PEOPLE {
        String::new()
    } else if share < 10.0 {
        format!("top {:.1}%", (share * 10.0 - 1e-6).ceil() / 10.0)
    } else {
        format!("top {:.0}%", (share - 1e-6).ceil())
    }
}

/// Formats a rank as "1st", "22nd", "1,203rd" or "11th".
#[must_use]
pub fn ordinal(rank: i64) -> String {
    let ending = match (rank % 100, rank % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{}{ending}", Number(rank))
}

/// An instant, always shown with its machine-readable form. Pages say what just happened or comes with [`Instant::when`], what a day
/// is enough for with [`Instant::day`], and what is on record with [`Instant::minute`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(pub Timestamp);

impl Instant {
    /// Formats the instant for a `datetime` attribute.
    pub fn iso(self) -> impl fmt::Display {
        self.0.format("%Y-%m-%dT%H:%M:%SZ")
    }

    /// Formats the day: "9 Nov 2026".
    pub fn day(self) -> impl fmt::Display {
        self.0.format("%-d %b %Y")
    }

    /// Formats the day with its weekday, without the year: "Monday, 30 November".
    pub fn weekday(self) -> impl fmt::Display {
        self.0.format("%A, %-d %B")
    }

    /// Returns the greeting for its hour, in UTC. The script of the pages writes it anew for the hour of the reader.
    #[must_use]
    pub fn greeting(self) -> &'static str {
        match self.0.hour() {
            5..12 => "Good morning",
            12..18 => "Good afternoon",
            _ => "Good evening",
        }
    }

    /// Formats the day and the time: "9 Nov 2026, 14:20 UTC".
    pub fn minute(self) -> impl fmt::Display {
        self.0.format("%-d %b %Y, %H:%M UTC")
    }
}

/// An identifier that may break where a reader would: after `/ _ . : -`, and between the words of a job's name.
#[derive(Clone, Debug)]
pub struct Identifier<'a>(pub &'a str);

/// Marks the places where an identifier may break.
#[must_use]
pub fn id(text: &str) -> Identifier<'_> {
    Identifier(text)
}

impl fmt::Display for Identifier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<code class=\"id\">")?;
        let mut last = ' ';
        for next in self.0.chars() {
            if "/_.:-".contains(last) || last.is_lowercase() && next.is_uppercase() {
                f.write_str("<wbr>")?;
            }
            Html.write_escaped_char(&mut *f, next)?;
            last = next;
        }
        f.write_str("</code>")
    }
}

/// It escapes what it shows.
impl HtmlSafe for Identifier<'_> {}

/// Formats a month with its year.
pub fn month(month: Month) -> String {
    month.start().format("%B %Y").to_string()
}

/// Removes control characters and characters that change the text direction from user text, so that it can be
/// shown within a sentence.
pub fn tame(text: &str) -> String {
    let marks = |c: &char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}');
    let is_kept = |c: &char| !marks(c) && !turns_text(*c) && !c.is_control();
    text.chars().filter(is_kept).collect()
}

/// Returns whether a character changes the direction of the text after it. Marks do not, which languages that are written
/// from right to left use.
pub(crate) fn turns_text(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Removes the characters that XML 1.0 does not allow, also not as references.
#[must_use]
pub fn allowed_in_xml(text: &str) -> String {
    let is_allowed = |c: &char| match c {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        c => *c >= ' ',
    };
    text.chars().filter(is_allowed).collect()
}

/// Returns the CSS class that colors a person's shield. The color is derived from the login and has no meaning.
pub fn tint(login: &str) -> &'static str {
    const TINTS: [&str; 5] = ["t-vert", "t-azure", "t-or", "t-gules", "t-sable"];
    let sum: usize = login.bytes().map(usize::from).sum();
    TINTS[sum % TINTS.len()]
}

/// Returns the two characters on the shield next to a name.
pub fn initials(login: &str) -> String {
    let words = login.split(|c: char| !c.is_alphanumeric());
    let mut initials: String = words.filter_map(|word| word.chars().next()).take(2).collect();
    if initials.chars().count() == 1 {
        initials = login.chars().filter(|c| c.is_alphanumeric()).take(2).collect();
    }
    initials.to_uppercase()
}

/// Replaces the hyphens before numbers with minus signs, and applies [`tame`].
pub fn with_real_minus(sentence: &str) -> String {
    let sentence = tame(sentence);
    let mut text = String::with_capacity(sentence.len());
    let mut before = ' ';
    let mut chars = sentence.chars().peekable();
    while let Some(next) = chars.next() {
        let is_sign = next == '-'
            && matches!(before, ' ' | '(')
            && chars.peek().is_some_and(char::is_ascii_digit);
        text.push(if is_sign { MINUS } else { next });
        before = next;
    }
    text
}

/// Percent-encodes a path segment or a query value: all but the unreserved characters of RFC 3986, section 2.3.
pub fn segment(text: &str) -> String {
    const RESERVED: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Formats the non-empty fields of a search as query parameters: "&state=dead".
pub fn asked<'a>(fields: impl IntoIterator<Item = (&'static str, &'a str)>) -> String {
    let fields = fields.into_iter().filter(|(_, value)| !value.is_empty());
    fields.map(|(name, value)| format!("&{name}={}", segment(value))).collect()
}

/// Returns a path with the non-empty fields of a search as its query: "/deliveries?state=dead".
pub fn address<'a>(
    path: &str,
    fields: impl IntoIterator<Item = (&'static str, &'a str)>,
) -> String {
    match asked(fields).strip_prefix('&') {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_ordinals() {
        let ranks = [1, 2, 3, 4, 11, 12, 13, 21, 102, 111, 1_203].map(ordinal);
        let words = "1st 2nd 3rd 4th 11th 12th 13th 21st 102nd 111th 1,203rd";
        assert_eq!(ranks.join(" "), words);
    }

    #[test]
    fn numbers_are_separated_and_signed() {
        let shown = [0, 7, 999, 1_000, -1_234_567, 10_000].map(|number| Number(number).to_string());
        assert_eq!(shown, ["0", "7", "999", "1,000", "−1,234,567", "10,000"]);
        assert_eq!([12, 0, -1_200].map(|n| Signed(n).to_string()), ["+12", "0", "−1,200"]);
    }

    #[test]
    fn durations_have_one_unit() {
        let shown = [0, 59, 60, 3_599, 3_600, 172_799, 172_800, 31_536_000].map(duration);
        let wanted = ["0 s", "59 s", "1 min", "59 min", "1.0 h", "48.0 h", "2.0 d", "365 d"];
        assert_eq!(shown.map(|text| text.replace('\u{a0}', " ")), wanted);
    }

    #[test]
    fn days_are_rounded_from_two_on() {
        for (hours, days) in
            [(-30, -1), (0, 0), (23, 0), (47, 1), (48, 2), (59, 2), (60, 3), (70, 3), (168, 7)]
        {
            assert_eq!(days_of(TimeDelta::hours(hours)), days, "{hours}");
        }
    }

    #[test]
    fn short_forms_have_few_digits() {
        let shown = [0, 9_999, 12_345, -3_400_000, i64::MAX].map(compact);
        assert_eq!(shown, ["0", "9,999", "12k", "−3.4M", "9.2E"]);
        let shown = [940, 12_345, 3_400_000].map(bytes);
        assert_eq!(shown, ["940 B", "12 kB", "3.4 MB"]);
    }

    #[test]
    fn exact_decimals_keep_their_digits() {
        let shown = |text: &str| exact(text);
        assert_eq!(shown("57.6"), "57.6");
        assert_eq!(shown("-1234.5678"), "−1,234.5678");
        assert_eq!(shown("0.262144"), "0.262144");
    }

    #[test]
    fn the_top_is_never_zero_percent() {
        let ranks = [(1, 5_000), (32, 10_000), (10, 100), (1, 11), (249, 500), (500, 500)];
        let shown = ranks.map(|(rank, people)| top(rank, people));
        let wanted = ["top 0.1%", "top 0.4%", "top 10%", "top 9.1%", "top 50%", "top 100%"];
        assert_eq!(shown, wanted);
        assert_eq!([top(1, 1), top(9, 9)], ["", ""]);
    }

    #[test]
    fn only_hyphens_before_numbers_become_minus_signs() {
        assert_eq!(with_real_minus("-20 spam (label level-1)"), "−20 spam (label level-1)");
        assert_eq!(with_real_minus("a - b, less -3"), "a - b, less −3");
    }

    #[test]
    fn direction_overrides_are_removed() {
        assert_eq!(tame("a\u{202e}b\u{2066}c\u{2069}"), "abc");
        assert_eq!(tame("שלום"), "שלום");
    }

    #[test]
    fn characters_that_xml_forbids_are_left_out() {
        assert_eq!(allowed_in_xml("a\0b\u{8}\u{1b}[31m\u{fffe}\tc\u{202e}"), "ab[31m\tc\u{202e}");
    }

    #[test]
    fn segments_are_percent_encoded() {
        assert_eq!(segment("wren[bot]"), "wren%5Bbot%5D");
        assert_eq!(segment("a/b?c#d é"), "a%2Fb%3Fc%23d%20%C3%A9");
    }

    #[test]
    fn an_instant_has_two_forms() {
        let instant = Instant("2026-11-09T14:20:05.123456Z".parse().expect("an instant"));
        assert_eq!(instant.iso().to_string(), "2026-11-09T14:20:05Z");
        assert_eq!(instant.day().to_string(), "9 Nov 2026");
        assert_eq!(instant.minute().to_string(), "9 Nov 2026, 14:20 UTC");
    }

    #[test]
    fn identifiers_break_between_their_words_and_are_escaped() {
        let shown = |text: &str| id(text).to_string();
        assert_eq!(shown("octo-org/quill"), "<code class=\"id\">octo-<wbr>org/<wbr>quill</code>");
        assert!(shown("LedgerVerification").contains("Ledger<wbr>Verification"));
        assert!(shown("<b>&").contains("&#60;b&#62;&#38;"));
    }

    #[test]
    fn initials_are_two_characters() {
        assert_eq!(["octo-cat", "octocat", "9lives", "x"].map(initials), ["OC", "OC", "9L", "X"]);
    }
}
