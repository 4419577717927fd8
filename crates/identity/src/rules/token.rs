//! Personal tokens: their format, names, scopes and lifetimes.

use chrono::TimeDelta;
use kernel::{Problem, ProblemKind};
use sha2::{Digest as _, Sha256};

use crate::model::{Scope, Scopes};

/// The prefix of a token, which lets scanners recognize leaked tokens.
const PREFIX: &str = "glh_pat_";
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The number of base 62 digits of 32 bytes.
const SECRET: usize = 43;
/// The number of base 62 digits of the checksum, which has 32 bits.
const CHECKSUM: usize = 6;
/// The longest name of a token, in characters.
const LONGEST_NAME: usize = 60;
/// The longest lifetime of a token, in days.
const LONGEST: i64 = 366;

/// Makes a token of 32 random bytes: a prefix, their 43 digits in base 62, and a checksum of six digits
/// that detects mistyped tokens without a query.
#[must_use]
pub fn token(random: [u8; 32]) -> String {
    let secret = digits(random, SECRET);
    let checksum = checksum(&secret);
    format!("{PREFIX}{secret}{checksum}")
}

/// Returns whether a text has the form of a token and a valid checksum.
#[must_use]
pub fn is_token(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(PREFIX) else {
        return false;
    };
    if rest.len() != SECRET + CHECKSUM || !rest.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return false;
    }
    let (secret, sum) = rest.split_at(SECRET);
    checksum(secret) == sum
}

fn checksum(secret: &str) -> String {
    let hash = Sha256::digest(secret);
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&hash[..4]);
    digits(bytes, CHECKSUM)
}

/// Encodes bytes as a number in base 62, with `count` digits.
fn digits<const N: usize>(mut bytes: [u8; N], count: usize) -> String {
    let mut digits = vec![0; count];
    for digit in digits.iter_mut().rev() {
        let mut rest = 0;
        for byte in &mut bytes {
            let value = rest * 256 + u32::from(*byte);
            *byte = (value / 62) as u8;
            rest = value % 62;
        }
        *digit = DIGITS[rest as usize];
    }
    digits.into_iter().map(char::from).collect()
}

/// Checks the name of a token.
///
/// # Errors
/// When it is empty, too long, or contains control characters.
pub fn token_name(typed: &str) -> Result<&str, Problem> {
    let name = typed.trim();
    let is_printable = name.chars().all(|c| !c.is_control());
    if !name.is_empty() && name.chars().count() <= LONGEST_NAME && is_printable {
        return Ok(name);
    }
    let detail = format!(
        "Give the token a name of 1 to {LONGEST_NAME} characters that says what it is for."
    );
    Err(Problem::new(ProblemKind::Invalid, "BAD_NAME", detail).at("name"))
}

/// Parses the names of scopes.
///
/// # Errors
/// When the list is empty, or a name is unknown.
pub fn scopes_named<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Scopes, Problem> {
    let scopes =
        names.into_iter().map(|name| Scope::named(name).ok_or(())).collect::<Result<Scopes, ()>>();
    match scopes {
        Ok(scopes) if !scopes.is_empty() => Ok(scopes),
        _ => {
            let detail = "Choose at least one of the scopes read, write and admin.";
            Err(Problem::new(ProblemKind::Invalid, "NO_SUCH_SCOPE", detail).at("scopes"))
        }
    }
}

/// Checks the lifetime of a token.
///
/// # Errors
/// When it is not between a day and a year.
pub fn token_lasts(days: i64) -> Result<TimeDelta, Problem> {
    if (1..=LONGEST).contains(&days) {
        return Ok(TimeDelta::days(days));
    }
    let detail = format!("A token can be valid for 1 to {LONGEST} days.");
    Err(Problem::new(ProblemKind::Invalid, "BAD_LIFETIME", detail).at("expires_in_days"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_a_prefix_digits_and_a_checksum() {
        let (zero, zeros) = (token([0; 32]), "0".repeat(SECRET));
        assert!(zero.starts_with(&format!("glh_pat_{zeros}")), "{zero}");
        // 2²⁵⁶ − 1.
        let last = token([255; 32]);
        assert!(last.starts_with("glh_pat_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1"), "{last}");
        for token in [zero, last] {
            assert!(token.len() == 57 && is_token(&token), "{token}");
        }
    }

    #[test]
    fn a_mistyped_token_is_refused() {
        let token = token([7; 32]);
        let swapped = token.replace("glh_pat_", "ghp_pat_");
        let mut other = token.clone().into_bytes();
        other[20] = if other[20] == b'a' { b'b' } else { b'a' };
        let other = String::from_utf8(other).expect("ASCII");
        let (short, long) = (&token[..56], format!("{token}0"));
        for wrong in ["", "glh_pat_", "x", &swapped, &other, short, &long, "glh_pat_ü"] {
            assert!(!is_token(wrong), "{wrong}");
        }
    }

    #[test]
    fn names_scopes_and_lifetimes_are_validated() {
        assert_eq!(token_name(" CI "), Ok("CI"));
        for wrong in ["", "  ", "a\u{7}b", &"x".repeat(61)] {
            assert_eq!(token_name(wrong).map_err(|p| p.code), Err("BAD_NAME"));
        }
        let named = |names: &[&str]| scopes_named(names.iter().copied()).map_err(|p| p.code);
        let both = named(&["write", "read", "read"]).expect("scopes");
        assert_eq!(both.to_string(), "read write");
        for wrong in [&[][..], &["king"], &["read", "Write"]] {
            assert_eq!(named(wrong), Err("NO_SUCH_SCOPE"), "{wrong:?}");
        }
        for (days, is_fine) in [(1, true), (366, true), (0, false), (367, false), (-1, false)] {
            assert_eq!(token_lasts(days).is_ok(), is_fine, "{days}");
        }
    }
}
