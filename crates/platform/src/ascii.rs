//! Names of all alphabets in ASCII.

use deunicode::deunicode_with_tofu;

/// Spells a text with ASCII characters in lower case: `Zoë` becomes `zoe`. What has no spelling is left out.
#[must_use]
pub fn spelled(text: &str) -> String {
    let mut spelled = deunicode_with_tofu(text, "");
    spelled.make_ascii_lowercase();
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_in_ascii() {
        for (name, expected) in [
            ("Wren-Oak 7", "wren-oak 7"),
            ("Zoë", "zoe"),
            // The same name with a combining diaeresis.
            ("Zoe\u{308}", "zoe"),
            ("Ünal Groß", "unal gross"),
            ("Łukasz Ørsted", "lukasz orsted"),
            ("Œuvre Ægir Þór", "oeuvre aegir thor"),
            ("Дмитрий", "dmitrii"),
            ("Ελένη", "elene"),
            ("\u{fe0f}", ""),
            ("", ""),
        ] {
            assert_eq!(spelled(name), expected, "{name}");
        }
        assert!(spelled("李伟 山田 محمد שלום 김민준").is_ascii());
    }
}
