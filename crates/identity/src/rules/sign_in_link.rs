//! Tokens of e-mailed sign-in links.

use super::SecretKind;

/// The number of hexadecimal digits of 32 bytes.
const DIGITS: usize = 64;

/// Returns whether a text has the form of a link's token. Other texts are rejected without a query.
#[must_use]
pub fn is_link_token(text: &str) -> bool {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let digits = text.strip_prefix(SecretKind::SignInLink.prefix());
    digits.is_some_and(|digits| digits.len() == DIGITS && digits.bytes().all(is_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

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
