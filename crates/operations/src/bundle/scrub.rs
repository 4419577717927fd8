//! Removes what names people, places and secrets from texts that leave the server.

use std::net::{IpAddr, SocketAddr};

/// The text in place of a removed part.
const GONE: &str = "…";

/// The length from which a word of alphabetic characters and digits may be a token.
const TOKEN: usize = 20;

/// The length from which a number may be that of a telephone or an account.
const NUMBER: usize = 7;

/// The beginnings of paths that stay: those of the program's own routes.
const OWN_PATHS: [&str; 2] = ["/api/", "/admin/"];

/// Returns a text without what is quoted, and without words that are addresses, domains, paths, tokens, long numbers, logins, names of
/// repositories or one of `hosts`. It removes too much rather than too little.
pub(crate) fn scrubbed(text: &str, hosts: &[String]) -> String {
    let unquoted = without_quoted(text);
    let words = unquoted.split_inclusive(char::is_whitespace).map(|word| {
        let bare = word.trim_end();
        let space = &word[bare.len()..];
        let is_removed = names_something(bare) || names_host(bare, hosts);
        if is_removed { format!("{GONE}{space}") } else { word.to_owned() }
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
    let is_path = bare.contains('/') && !OWN_PATHS.iter().any(|own| bare.starts_with(own));
    let is_name = is_path || bare.contains('@') || is_dotted(bare);
    is_address || is_name || is_token(bare) || has_long_number(bare)
}

/// Returns true if a word is the name of a host, also with a port or in punctuation.
fn names_host(word: &str, hosts: &[String]) -> bool {
    let mut parts = word.split(|c: char| !(c.is_alphanumeric() || "-_.".contains(c)));
    let is_host = |part: &str| hosts.iter().any(|host| host.eq_ignore_ascii_case(part));
    parts.any(|part| !part.is_empty() && is_host(part.trim_end_matches('.')))
}

/// Returns true if a word has a dot before an alphabetic character, as domains and names of files have; those of version numbers are
/// before digits.
fn is_dotted(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    parts.windows(2).any(|pair| {
        pair[0].ends_with(char::is_alphanumeric) && pair[1].starts_with(char::is_alphabetic)
    })
}

fn has_long_number(word: &str) -> bool {
    word.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() >= NUMBER)
}

/// Returns true if a word has a long run of alphabetic characters and digits with both, as keys, tokens and IDs have.
fn is_token(word: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_-+=".contains(c);
    let mut runs = word.split(|c: char| !is_part(c));
    runs.any(|run| {
        let (mut digits, mut alphabetic) = (0, 0);
        for c in run.chars() {
            digits += usize::from(c.is_ascii_digit());
            alphabetic += usize::from(c.is_ascii_alphabetic());
        }
        run.len() >= TOKEN && digits > 0 && alphabetic > 0
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
            ("worker 4711 on db-1: gone", "worker 4711 on … gone"),
            ("server 12 on DB-1, since 08:15:59", "server 12 on … since 08:15:59"),
            ("cannot resolve mail.oak.example.", "cannot resolve …"),
            ("release 0.1.0+abc1234 took 1.5s", "release 0.1.0+abc1234 took 1.5s"),
            ("no space in /var/lib/guildhall: 12 MB", "no space in … 12 MB"),
            ("see /admin/health", "see /admin/health"),
            ("texted +4915112345678 and 0151-12345678", "texted … and …"),
        ] {
            assert_eq!(scrubbed(text, &["db-1".to_owned()]), expected);
        }
    }
}
