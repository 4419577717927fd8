use platform::crypto::{SecretKey, tag, to_text};

/// The prefix of a tombstone, which replaces an identity's subject. No provider's subjects begin with it.
const MARK: &str = "erased:";

/// The purpose of the derived key.
const PURPOSE: &str = "tombstones of erased people";

/// Returns the tombstone of an erased identity: an HMAC-SHA256 of provider and subject. With the key, a
/// returning account is recognized as erased; without it, the tombstone reveals nothing about the account.
#[must_use]
pub(crate) fn tombstone(key: &SecretKey, provider: &str, subject: &str) -> String {
    // No provider's name contains a zero byte.
    let named = format!("{provider}\0{subject}");
    format!("{MARK}{}", to_text(&tag(&key.derived(PURPOSE), named.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tombstone_depends_on_key_provider_and_subject() {
        let key = |digit: &str| SecretKey::from_hex(&digit.repeat(64).into(), "a test");
        let (key, other) = (key("a").expect("a key"), key("b").expect("a key"));
        let stone = tombstone(&key, "github", "7");
        assert!(stone.starts_with(MARK) && stone.len() == MARK.len() + 64);
        assert_eq!(stone, tombstone(&key, "github", "7"));
        for another in [
            tombstone(&other, "github", "7"),
            tombstone(&key, "github", "8"),
            tombstone(&key, "https://id.example", "7"),
            tombstone(&key, "git", "hub7"),
        ] {
            assert_ne!(stone, another);
        }
    }
}
