//! Sentences that name pages of this server by their paths.

use std::fmt;

use askama::filters::{Escaper as _, Html, HtmlSafe};

/// The words before a path in the sentences of this server. Other paths, such as those of files or in quoted texts, stay text.
const BEFORE: [&str; 5] = [" at ", "See ", "see ", " from ", "("];

/// A sentence whose paths are links.
#[derive(Clone, Copy, Debug)]
pub struct Linked<'a>(&'a str);

/// Makes links of the paths in a sentence, as in "See /seasons." or "at Settings › Email (/setup/email)".
#[must_use]
pub fn linked(sentence: &str) -> Linked<'_> {
    Linked(sentence)
}

impl fmt::Display for Linked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some((start, path)) = first_path(rest) {
            Html.write_escaped_str(&mut *f, &rest[..start])?;
            f.write_str("<a href=\"")?;
            Html.write_escaped_str(&mut *f, path)?;
            f.write_str("\">")?;
            Html.write_escaped_str(&mut *f, path)?;
            f.write_str("</a>")?;
            rest = &rest[start + path.len()..];
        }
        Html.write_escaped_str(&mut *f, rest)
    }
}

/// It escapes what it shows.
impl HtmlSafe for Linked<'_> {}

/// Returns the first path with its place.
fn first_path(text: &str) -> Option<(usize, &str)> {
    text.match_indices('/').find_map(|(start, _)| {
        if !BEFORE.iter().any(|before| text[..start].ends_with(before)) {
            return None;
        }
        let rest = &text[start..];
        let is_part = |c: char| c.is_ascii_alphanumeric() || "/_-.?=&".contains(c);
        let path = rest.split(|c: char| !is_part(c)).next()?.trim_end_matches(['.', '?']);
        let begins = path[1..].starts_with(|c: char| c.is_ascii_lowercase());
        begins.then_some((start, path))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_sentences_are_links() {
        for (sentence, html) in [
            (
                "Set it up at /admin/settings, then try again.",
                "Set it up at <a href=\"/admin/settings\">/admin/settings</a>, then try again.",
            ),
            ("See /seasons.", "See <a href=\"/seasons\">/seasons</a>."),
            (
                "Check the mail server at Settings › Email (/setup/email)",
                "Check the mail server at Settings › Email (<a href=\"/setup/email\">/setup/email</a>)",
            ),
            (
                "See /a?state=b&c. See /d",
                "See <a href=\"/a?state=b&#38;c\">/a?state=b&#38;c</a>. See <a href=\"/d\">/d</a>",
            ),
        ] {
            assert_eq!(linked(sentence).to_string(), html);
        }
    }

    #[test]
    fn other_texts_are_escaped_and_stay_as_they_are() {
        for text in [
            "",
            "/var/lib/guildhall is not writable",
            "Open https://evil.example/setup at //evil.example or at /\\evil",
            "'/setup' is no name of a branch, and 3/4 is no path (/",
            "See /",
        ] {
            assert_eq!(linked(text).to_string(), text.replace('\'', "&#39;"));
        }
        let hostile = linked("<b> at /x\"onclick=\"y").to_string();
        assert_eq!(hostile, "&#60;b&#62; at <a href=\"/x\">/x</a>&#34;onclick=&#34;y");
    }
}
