//! Removes what names people, places and secrets from texts that leave the server.

use std::net::{IpAddr, SocketAddr};

/// What stands for a removed part.
const GONE: &str = "…";

/// The length from which a word of letters and digits may be a token.
const TOKEN: usize = 20;

/// Returns a text without what is quoted, and without words that are addresses, URLs, tokens, logins or names of repositories. It
/// removes too much rather than too little.
pub(crate) fn scrubbed(text: &str) -> String {
    let unquoted = without_quoted(text);
    let words = unquoted.split_inclusive(char::is_whitespace).map(|word| {
        let bare = word.trim_end();
        let space = &word[bare.len()..];
        if names_something(bare) { format!("{GONE}{space}") } else { word.to_owned() }
    });
    words.collect()
}

/// Replaces what is between two equal quotation marks. An apostrophe within a word is none.
fn without_quoted(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['"', '`', '\'']) {
        let (before, from) = rest.split_at(at);
        kept.push_str(before);
        let (mark, after) = from.split_at(1);
        let is_within = kept.ends_with(char::is_alphanumeric);
        match after.split_once(mark).filter(|_| !is_within) {
            Some((_, behind)) => {
                kept.push_str(mark);
                kept.push_str(GONE);
                kept.push_str(mark);
                rest = behind;
            }
            None => {
                kept.push_str(mark);
                rest = after;
            }
        }
    }
    kept.push_str(rest);
    kept
}

fn names_something(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| "()[]{}<>,;:.!?".contains(c));
    let with_port = word.trim_end_matches([',', ';', '.']).parse::<SocketAddr>();
    let is_address =
        with_port.is_ok() || bare.parse::<IpAddr>().is_ok() || bare.parse::<SocketAddr>().is_ok();
    let is_path = bare.contains('/') && !bare.starts_with('/');
    is_address || is_path || bare.contains('@') || is_token(bare)
}

/// Returns true if a word has a long run of letters and digits with both, as keys, tokens and IDs have.
fn is_token(word: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_-+=".contains(c);
    let mut runs = word.split(|c: char| !is_part(c));
    runs.any(|run| {
        let (mut digits, mut letters) = (0, 0);
        for c in run.chars() {
            digits += usize::from(c.is_ascii_digit());
            letters += usize::from(c.is_ascii_alphabetic());
        }
        run.len() >= TOKEN && digits > 0 && letters > 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_someone_is_removed() {
        for (text, expected) in [
            ("cannot connect: timed out", "cannot connect: timed out"),
            ("the mailbox wren@oak.example is full", "the mailbox … is full"),
            ("no repository octo/lantern (404)", "no repository … (404)"),
            ("GET /api/v3/user failed", "GET /api/v3/user failed"),
            ("asked https://hooks.slack.com/services/T0/B0/X", "asked …"),
            ("refused by 203.0.113.9 and [2001:db8::1]:25", "refused by … and …"),
            ("field 'login' is \"wren-oak\"", "field '…' is \"…\""),
            ("it can't be read, isn't it", "it can't be read, isn't it"),
            ("token glh_pat_0Qm7ZkV3xT9bR2nL5wYc8dFh1", "token …"),
            ("row 0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b, twice", "row … twice"),
            ("@wren-oak\nsaid 42", "…\nsaid 42"),
        ] {
            assert_eq!(scrubbed(text), expected);
        }
    }
}
