//! The texts that describe a project.

use std::collections::BTreeSet;

use kernel::{Checks, Problem, ProblemKind};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectTexts {
    /// The display name.
    pub name: String,
    /// A short description.
    pub description: String,
    pub tags: Vec<String>,
    /// How hard it is to start contributing, in the project's own words.
    pub difficulty: Option<String>,
}

/// The maximum number of characters of a name.
const NAME: usize = 100;
/// The maximum number of characters of a description.
const DESCRIPTION: usize = 1_000;
/// The maximum number of tags.
const TAGS: usize = 20;
/// The maximum number of characters of a tag, and of the difficulty.
const WORD: usize = 50;

impl ProjectTexts {
    /// Returns the texts without surrounding spaces, empty tags, repeated tags and an empty difficulty.
    ///
    /// # Errors
    /// When the name is empty, a text is too long or has an invisible character, or there are too many tags. The problem
    /// names the field.
    pub fn checked(&self) -> Result<Self, Problem> {
        let trimmed = |text: &String| text.trim().to_owned();
        let mut known = BTreeSet::new();
        let tags = self.tags.iter().map(trimmed);
        let texts = Self {
            name: trimmed(&self.name),
            description: trimmed(&self.description),
            tags: tags.filter(|tag| !tag.is_empty() && known.insert(tag.clone())).collect(),
            difficulty: self.difficulty.as_ref().map(trimmed).filter(|text| !text.is_empty()),
        };
        let mut checks = Checks::default();
        if texts.name.is_empty() || texts.name.chars().count() > NAME {
            let detail = format!("A project name must have 1 to {NAME} characters.");
            let problem = Problem::new(ProblemKind::Invalid, "BAD_PROJECT_NAME", detail);
            checks.refuse(problem.at("name"));
        }
        for (field, text, most) in texts.fields() {
            if field != "name" {
                checks.read(refuse_long(field, text, most));
            }
            checks.read(refuse_invisible(field, text));
        }
        if texts.tags.len() > TAGS {
            let detail = format!(
                "A project has at most {TAGS} tags, not {}. Remove some.",
                texts.tags.len()
            );
            checks.refuse(too_long("tags", detail));
        }
        checks.finish(texts)
    }

    /// Returns each text with its field and its maximum number of characters.
    fn fields(&self) -> impl Iterator<Item = (&'static str, &String, usize)> {
        let tags = self.tags.iter().map(|tag| ("tags", tag, WORD));
        let difficulty = self.difficulty.iter().map(|text| ("difficulty", text, WORD));
        let first = [("name", &self.name, NAME), ("description", &self.description, DESCRIPTION)];
        first.into_iter().chain(tags).chain(difficulty)
    }
}

fn refuse_long(field: &'static str, text: &str, most: usize) -> Result<(), Problem> {
    if text.chars().count() <= most {
        return Ok(());
    }
    let what = match field {
        "tags" => "A tag",
        "description" => "The description",
        _ => "The difficulty",
    };
    let detail = format!("{what} has at most {most} characters. Shorten it.");
    Err(too_long(field, detail))
}

fn too_long(field: &'static str, detail: String) -> Problem {
    Problem::new(ProblemKind::Invalid, "PROJECT_TEXT_TOO_LONG", detail).at(field)
}

/// Rejects invisible characters, which can disguise a text or control a terminal.
fn refuse_invisible(field: &'static str, text: &str) -> Result<(), Problem> {
    let is_invisible =
        |c: &char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let Some(c) = text.chars().find(is_invisible) else {
        return Ok(());
    };
    let detail = format!(
        "U+{:04X} is an invisible character. Remove control characters, line breaks and text \
         direction marks from the name, description, tags and difficulty.",
        u32::from(c)
    );
    Err(Problem::new(ProblemKind::Invalid, "UNSEEN_CHARACTER", detail).at(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> ProjectTexts {
        ProjectTexts { name: "Lantern".to_owned(), ..ProjectTexts::default() }
    }

    #[test]
    fn texts_are_trimmed_and_empty_ones_are_left_out() {
        let given = ProjectTexts {
            name: " Lantern ".to_owned(),
            description: " A light. ".to_owned(),
            tags: [" rust ", "", "rust", "cli"].map(str::to_owned).to_vec(),
            difficulty: Some("  ".to_owned()),
        };
        let checked = given.checked().expect("valid");
        assert_eq!((&*checked.name, &*checked.description), ("Lantern", "A light."));
        assert_eq!(checked.tags, ["rust", "cli"]);
        assert_eq!(checked.difficulty, None);
        assert_eq!(checked.checked(), Ok(checked));
    }

    #[test]
    fn each_limit_is_named_with_its_field() {
        let tags = |length: usize, count: usize| {
            (0..count).map(|n| format!("{n:0length$}")).collect::<Vec<_>>()
        };
        type Change = Box<dyn Fn(&mut ProjectTexts)>;
        let cases: [(Change, &str, &str); 8] = [
            (Box::new(|it| it.name = " ".to_owned()), "name", "BAD_PROJECT_NAME"),
            (Box::new(|it| it.name = "x".repeat(101)), "name", "BAD_PROJECT_NAME"),
            (Box::new(|it| it.name = "a\u{202e}b".to_owned()), "name", "UNSEEN_CHARACTER"),
            (
                Box::new(|it| it.description = "ü".repeat(1_001)),
                "description",
                "PROJECT_TEXT_TOO_LONG",
            ),
            (Box::new(move |it| it.tags = tags(51, 1)), "tags", "PROJECT_TEXT_TOO_LONG"),
            (Box::new(move |it| it.tags = tags(2, 21)), "tags", "PROJECT_TEXT_TOO_LONG"),
            (
                Box::new(|it| it.difficulty = Some("x".repeat(51))),
                "difficulty",
                "PROJECT_TEXT_TOO_LONG",
            ),
            (
                Box::new(|it| it.difficulty = Some("a\nb".to_owned())),
                "difficulty",
                "UNSEEN_CHARACTER",
            ),
        ];
        for (change, field, code) in cases {
            let mut given = texts();
            change(&mut given);
            let problem = given.checked().expect_err(field);
            assert_eq!((problem.field, problem.code), (Some(field), code));
        }
        let most = ProjectTexts {
            name: "x".repeat(100),
            description: "ü".repeat(1_000),
            tags: tags(50, 20),
            difficulty: Some("x".repeat(50)),
        };
        assert_eq!(most.checked(), Ok(most));
    }
}
