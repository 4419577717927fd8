//! Names in addresses.

/// Returns true when a text can be a slug in URLs: lower-case letters and digits, with single hyphens between.
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

/// A slug from a name; none when the name has no letter or digit of the Latin alphabet.
#[must_use]
pub fn from_name(name: &str) -> Option<String> {
    let mut slug = String::with_capacity(name.len());
    for c in name.chars().map(|c| c.to_ascii_lowercase()) {
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
    fn what_is_no_slug_is_refused() {
        for text in ["", "-", "a-", "-a", "a--b", "A", "a b", "ä"] {
            assert!(!is_slug(text), "{text}");
        }
    }
}
