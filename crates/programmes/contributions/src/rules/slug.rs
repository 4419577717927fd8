//! Slugs in URLs.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// Returns whether a text is a valid slug: lower-case letters and digits, separated by single hyphens.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    text.len() <= 100 && text.split('-').all(is_word)
}

/// Derives a slug from a name; `None` when the name has none of the characters a to z and 0 to 9. Accents are left out.
#[must_use]
pub fn from_name(name: &str) -> Option<String> {
    let mut slug = String::with_capacity(name.len());
    let plain = name.nfd().filter(|c| !is_combining_mark(*c));
    for c in plain.map(|c| c.to_ascii_lowercase()) {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(90);
    let slug = slug.trim_end_matches('-');
    (!slug.is_empty()).then(|| slug.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_slugs() {
        for (name, slug) in [
            ("Hello World", "hello-world"),
            ("  C++ & Rust!  ", "c-rust"),
            ("v2.0", "v2-0"),
            ("Café Zürich", "cafe-zurich"),
            ("Ü", "u"),
        ] {
            assert_eq!(from_name(name).as_deref(), Some(slug));
            assert!(is_slug(slug));
        }
        for name in ["", "--", "日本"] {
            assert_eq!(from_name(name), None);
        }
        let long = from_name(&"long name ".repeat(40)).expect("a slug");
        assert!(is_slug(&long));
    }

    #[test]
    fn an_invalid_slug_is_rejected() {
        for text in ["", "-", "a-", "-a", "a--b", "A", "a b", "ä"] {
            assert!(!is_slug(text), "{text}");
        }
    }
}
