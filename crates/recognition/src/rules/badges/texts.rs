use kernel::{Checks, Problem, ProblemKind};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BadgeTexts {
    /// The slug in URLs.
    pub slug: String,
    /// The display name.
    pub name: String,
    /// A sentence about it.
    pub description: String,
}

/// The maximum number of characters of a slug.
const SLUG: usize = 60;
/// The maximum number of characters of a name.
const NAME: usize = 60;
/// The maximum number of characters of a description.
const DESCRIPTION: usize = 300;

impl BadgeTexts {
    /// Returns the texts without surrounding spaces.
    ///
    /// # Errors
    /// When a text is empty or too long, has an invisible character, or the slug is not valid. The problem names the
    /// field.
    pub fn checked(&self) -> Result<Self, Problem> {
        let texts = Self {
            slug: self.slug.trim().to_owned(),
            name: self.name.trim().to_owned(),
            description: self.description.trim().to_owned(),
        };
        let mut checks = Checks::default();
        if !is_slug(&texts.slug) {
            let detail = format!(
                "A badge's slug has 1 to {SLUG} lowercase letters and digits, with single hyphens between them."
            );
            checks.refuse(bad("slug", detail));
        }
        for (field, text, most) in
            [("name", &texts.name, NAME), ("description", &texts.description, DESCRIPTION)]
        {
            if text.is_empty() || text.chars().count() > most {
                let detail = format!("The {field} of a badge has 1 to {most} characters.");
                checks.refuse(bad(field, detail));
            }
            if text.chars().any(is_invisible) {
                let detail = format!(
                    "The {field} contains an invisible character. Remove control characters, line breaks and text \
                     direction marks."
                );
                checks.refuse(bad(field, detail));
            }
        }
        checks.finish(texts)
    }
}

/// Returns whether a character can disguise a text or control a terminal.
fn is_invisible(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn is_slug(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(is_part);
    text.len() <= SLUG && text.split('-').all(is_word)
}

fn bad(field: &'static str, detail: String) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_BADGE", detail).at(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_and_checked() {
        let texts = |slug: &str, name: &str, description: &str| BadgeTexts {
            slug: slug.to_owned(),
            name: name.to_owned(),
            description: description.to_owned(),
        };
        let valid = texts(" ten-merges ", " Ten ", " Ten merges. ").checked();
        assert_eq!(valid.expect("valid"), texts("ten-merges", "Ten", "Ten merges."));
        let long = "a".repeat(301);
        for (invalid, field) in [
            (texts("Ten", "Ten", "x"), "slug"),
            (texts("", "Ten", "x"), "slug"),
            (texts("a--b", "Ten", "x"), "slug"),
            (texts("ten", " ", "x"), "name"),
            (texts("ten", "a\u{202e}b", "x"), "name"),
            (texts("ten", "Ten", ""), "description"),
            (texts("ten", "Ten", &long), "description"),
        ] {
            let problem = invalid.checked().expect_err(field);
            assert_eq!(problem.field, Some(field), "{invalid:?}");
        }
    }
}
