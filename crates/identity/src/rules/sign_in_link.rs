//! Tokens and codes of emailed sign-in links.

use kernel::{Problem, ProblemKind};

use super::{SecretKind, crockford};

/// The number of hexadecimal digits of 32 bytes.
const DIGITS: usize = 64;

/// The number of digits of a code. They are worth 40 bits, which suffice because few can be typed, and only in the browser that
/// requested the link.
const CODE: usize = 8;

/// The maximum number of codes that can be typed for a link.
const CODE_TRIES: i64 = 5;

/// Returns whether a text has the form of a link's token. Other texts are rejected without a query.
#[must_use]
pub fn is_link_token(text: &str) -> bool {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let digits = text.strip_prefix(SecretKind::SignInLink.prefix());
    digits.is_some_and(|digits| digits.len() == DIGITS && digits.bytes().all(is_digit))
}

/// Makes a code of random bytes, such as `K7WM 4RXT`.
#[must_use]
pub fn sign_in_code(random: [u8; CODE]) -> String {
    crockford::written(&random, " ")
}

/// Reads a typed code in the form that is hashed.
///
/// # Errors
/// When the text cannot be a code.
pub fn typed_sign_in_code(typed: &str) -> Result<String, Problem> {
    let detail = "This is not a code. Enter the 8 characters from the latest email.";
    crockford::read(typed, CODE).ok_or_else(|| wrong(detail))
}

/// Returns how many codes can still be typed for a link, for which `typed` were, with the present one.
///
/// # Errors
/// When the present one is one too many.
pub fn code_tries_left(typed: i64) -> Result<i64, Problem> {
    if typed <= CODE_TRIES {
        return Ok(CODE_TRIES - typed);
    }
    let detail = "Five codes were wrong. Open the link in the email in this browser, or request a new one at /sign-in.";
    Err(dead(detail))
}

/// The error for a wrong code; `left` more can be typed.
pub(crate) fn wrong_sign_in_code(left: i64) -> Problem {
    let tries = kernel::counted(left, "try is", "tries are");
    wrong(&format!(
        "This is not the code of the latest email. {tries} left. The link in the email works, too."
    ))
}

/// The error for a code that no link of the browser has any longer.
pub(crate) fn dead_sign_in_code() -> Problem {
    dead(
        "The code was already used or is older than 15 minutes, or its link was requested in another browser. Request a new one at /sign-in.",
    )
}

fn wrong(detail: &str) -> Problem {
    Problem::new(ProblemKind::Invalid, "SIGN_IN_CODE_WRONG", detail).at("code")
}

fn dead(detail: &str) -> Problem {
    Problem::new(ProblemKind::Conflict, "SIGN_IN_CODE_DEAD", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_again_and_other_texts_are_not() {
        let code = sign_in_code([19, 7, 28, 20, 4, 24, 29, 26]);
        assert_eq!(code, "K7WM 4RXT");
        for typed in [&*code, "k7wm4rxt", " K7WM-4RXT\n"] {
            assert_eq!(typed_sign_in_code(typed), Ok("K7WM4RXT".to_owned()), "{typed}");
        }
        for typed in ["", "K7WM", "K7WM 4RXT 4RXT", "K7WM 4RXU"] {
            let refused = typed_sign_in_code(typed).expect_err(typed);
            assert_eq!((refused.code, refused.field), ("SIGN_IN_CODE_WRONG", Some("code")));
        }
    }

    #[test]
    fn five_codes_can_be_typed() {
        for (typed, left) in [(1, Some(4)), (4, Some(1)), (5, Some(0)), (6, None), (99, None)] {
            assert_eq!(code_tries_left(typed).ok(), left, "{typed}");
        }
        let refused = code_tries_left(6).expect_err("too many");
        assert!(refused.detail.contains("Open the link"), "{}", refused.detail);
        for (left, words) in
            [(4, "4 tries are left."), (1, "1 try is left."), (0, "0 tries are left.")]
        {
            let said = wrong_sign_in_code(left).detail;
            assert!(said.contains(words), "{said}");
        }
        assert!(dead_sign_in_code().detail.contains("/sign-in"));
    }

    #[test]
    fn a_link_token_is_recognized_and_a_changed_one_is_not() {
        let prefix = SecretKind::SignInLink.prefix();
        let made = SecretKind::SignInLink.make([7; 32]);
        assert!(is_link_token(&made), "{made}");
        let (upper, short) = (made.replace("07", "0A"), &made[..made.len() - 1]);
        let (long, bare) = (format!("{made}0"), made.replace(prefix, ""));
        let turned = format!("{prefix}{}", "\u{202e}".repeat(DIGITS / 3));
        for wrong in ["", prefix, "x", &upper, short, &long, &bare, &turned] {
            assert!(!is_link_token(wrong), "{wrong}");
        }
    }
}
