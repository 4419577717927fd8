use platform::crypto::{SecretKey, tag, to_text};

/// What stands before a tombstone where an identity's subject stood: no provider's subject begins so.
const MARK: &str = "erased:";

/// What the key is derived for.
const PURPOSE: &str = "tombstones of erased people";

/// What stays of an identity whose person was erased: HMAC-SHA256 of provider and subject. Who holds the key
/// can tell that somebody is whom they erased, and nobody can tell from it who they were.
#[must_use]
pub(crate) fn tombstone(key: &SecretKey, provider: &str, subject: &str) -> String {
    // No provider's name holds a zero byte.
    let named = format!("{provider}\0{subject}");
    format!(
        "{MARK}{}",
        to_text(&tag(&key.derived(PURPOSE), named.as_bytes()))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tombstone_is_of_one_key_provider_and_subject() {
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
