//! Personal tokens: their form, and what somebody may ask of one.

use chrono::TimeDelta;
use kernel::{Problem, ProblemKind};
use sha2::{Digest as _, Sha256};

use crate::model::{Scope, Scopes};

/// What stands before a token, so that a found one is known for what it is.
const PREFIX: &str = "glh_pat_";
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Digits of 32 bytes.
const SECRET: usize = 43;
/// Digits of the checksum, which is 32 bits.
const CHECKSUM: usize = 6;
/// Letters of a token's name.
const LONGEST_NAME: usize = 60;
/// Days that a token may last.
const LONGEST: i64 = 366;

/// The token that 32 random bytes make: a prefix, their 43 digits to the base of 62, and six digits by
/// which a mistyped one is known without asking the database.
#[must_use]
pub fn token(random: [u8; 32]) -> String {
    let secret = digits(random, SECRET);
    let checksum = checksum(&secret);
    format!("{PREFIX}{secret}{checksum}")
}

/// Whether a text has the form of a token and its checksum is right.
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

/// The number that the bytes are, to the base of 62, in so many digits.
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

/// What a person calls a token.
///
/// # Errors
/// A sentence when it is nothing, too long or cannot be seen.
pub fn token_name(typed: &str) -> Result<&str, Problem> {
    let name = typed.trim();
    let is_seen = name.chars().all(|c| !c.is_control());
    if !name.is_empty() && name.chars().count() <= LONGEST_NAME && is_seen {
        return Ok(name);
    }
    let detail = format!("Name the token by what it is for, in 1 to {LONGEST_NAME} letters.");
    Err(Problem::new(ProblemKind::Invalid, "BAD_NAME", detail))
}

/// The scopes with these names.
///
/// # Errors
/// A sentence when there is none, or none of such a name.
pub fn scopes_named<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Scopes, Problem> {
    let scopes = names
        .into_iter()
        .map(|name| Scope::named(name).ok_or(()))
        .collect::<Result<Scopes, ()>>();
    match scopes {
        Ok(scopes) if !scopes.is_empty() => Ok(scopes),
        _ => {
            let detail = "Give the token one or more of the scopes read, write and admin.";
            Err(Problem::new(ProblemKind::Invalid, "NO_SUCH_SCOPE", detail))
        }
    }
}

/// How long a token lasts.
///
/// # Errors
/// A sentence when it is not at all or more than a year.
pub fn token_lasts(days: i64) -> Result<TimeDelta, Problem> {
    if (1..=LONGEST).contains(&days) {
        return Ok(TimeDelta::days(days));
    }
    let detail = format!("A token lasts from 1 to {LONGEST} days.");
    Err(Problem::new(ProblemKind::Invalid, "BAD_LIFETIME", detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_its_bytes_in_digits_and_a_checksum() {
        let (zero, zeros) = (token([0; 32]), "0".repeat(SECRET));
        assert!(zero.starts_with(&format!("glh_pat_{zeros}")), "{zero}");
        // 2²⁵⁶ − 1.
        let last = token([255; 32]);
        assert!(
            last.starts_with("glh_pat_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1"),
            "{last}"
        );
        for token in [zero, last] {
            assert!(token.len() == 57 && is_token(&token), "{token}");
        }
    }

    #[test]
    fn what_was_mistyped_is_no_token() {
        let token = token([7; 32]);
        let swapped = token.replace("glh_pat_", "ghp_pat_");
        let mut other = token.clone().into_bytes();
        other[20] = if other[20] == b'a' { b'b' } else { b'a' };
        let other = String::from_utf8(other).expect("letters");
        let (short, long) = (&token[..56], format!("{token}0"));
        for wrong in [
            "",
            "glh_pat_",
            "x",
            &swapped,
            &other,
            short,
            &long,
            "glh_pat_ü",
        ] {
            assert!(!is_token(wrong), "{wrong}");
        }
    }

    #[test]
    fn names_scopes_and_lengths_are_held_within_bounds() {
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
        for (days, is_fine) in [
            (1, true),
            (366, true),
            (0, false),
            (367, false),
            (-1, false),
        ] {
            assert_eq!(token_lasts(days).is_ok(), is_fine, "{days}");
        }
    }
}
