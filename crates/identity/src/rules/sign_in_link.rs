//! The token of a link by which somebody signs in.

use platform::crypto;

/// What stands before it, so that a found one is known for what it is.
const PREFIX: &str = "guildhall_link_";
/// Hexadecimal digits of 32 bytes.
const DIGITS: usize = 64;

/// The token that 32 random bytes make.
#[must_use]
pub fn link_token(random: [u8; 32]) -> String {
    format!("{PREFIX}{}", crypto::to_text(&random))
}

/// Whether a text has the form of a link's token: anything else is refused without asking the database.
#[must_use]
pub fn is_link_token(text: &str) -> bool {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let digits = text.strip_prefix(PREFIX);
    digits.is_some_and(|digits| digits.len() == DIGITS && digits.bytes().all(is_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_a_token_and_what_was_changed_is_none() {
        let made = link_token([7; 32]);
        assert!(is_link_token(&made), "{made}");
        let (upper, short) = (made.replace("07", "0A"), &made[..made.len() - 1]);
        let (long, bare) = (format!("{made}0"), made.replace(PREFIX, ""));
        let turned = format!("{PREFIX}{}", "\u{202e}".repeat(DIGITS / 3));
        for wrong in ["", PREFIX, "x", &upper, short, &long, &bare, &turned] {
            assert!(!is_link_token(wrong), "{wrong}");
        }
    }
}
