//! The first texts, which pages show until an admin saves another one. They state only what the product does.

use crate::model::{Facts, TextName};

/// Returns the text that a page shows before an admin has saved one.
#[must_use]
pub fn proposed(name: TextName, facts: &Facts) -> String {
    let text = match name {
        TextName::About => about(facts),
        TextName::Conduct => include_str!("conduct.md").to_owned(),
        TextName::Privacy => include_str!("privacy.md").to_owned(),
        TextName::Contact => contact(facts),
    };
    text.replace("{community}", &plain(&facts.name)).trim().to_owned()
}

fn about(facts: &Facts) -> String {
    let description = match facts.description.trim() {
        "" => {
            "{community} is a community of people who build things together and learn from each other."
        }
        said => &plain(said),
    };
    format!("{description}\n\n{}", include_str!("about.md"))
}

fn contact(facts: &Facts) -> String {
    let address = match &facts.contact {
        Some(address) => format!("You reach the people who run this server at <{address}>."),
        None => "The people who run {community} have not published an email address here yet."
            .to_owned(),
    };
    format!("{address}\n\n{}", include_str!("contact.md"))
}

/// Escapes the characters of a name that Markdown would read as marks.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation()
            && !matches!(c, '.' | ',' | '\'' | '-' | ':' | ';' | '/' | '?' | '%')
        {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(description: &str, contact: Option<&str>) -> Facts {
        Facts {
            name: "Fenwick *Commons*".into(),
            description: description.into(),
            contact: contact.map(Into::into),
        }
    }

    #[test]
    fn every_page_has_a_proposed_text() {
        for name in TextName::ALL {
            let text = proposed(name, &facts("", None));
            let checked = super::super::checked(&text);
            assert_eq!(checked.as_deref().ok(), Some(&*text), "{name:?}");
            assert!(!text.contains("{community}"), "{name:?}");
            assert!(text.contains(r"Fenwick \*Commons\*"), "{name:?}: the name is no mark");
            assert!(!text.lines().any(|line| line.starts_with("# ")), "{name:?} has its title");
        }
    }

    #[test]
    fn proposed_texts_follow_the_configuration() {
        let stated = facts("We keep [books] together.", Some("hello@fenwick.example"));
        assert!(proposed(TextName::About, &stated).starts_with(r"We keep \[books\] together."));
        assert!(proposed(TextName::Contact, &stated).contains("<hello@fenwick.example>"));
        let silent = proposed(TextName::Contact, &facts("", None));
        assert!(silent.contains("have not published an email address"), "{silent}");
        let about = proposed(TextName::About, &facts("", None));
        assert!(about.contains("is a community of people"), "{about}");
    }
}
