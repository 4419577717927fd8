//! Values that a text field offers to choose from, also without a script. The field names the list by its ID and takes any other
//! value, too.

use std::sync::LazyLock;

use askama::Template;
use chrono_tz::{TZ_VARIANTS, Tz};

use crate::layout;

/// A value, and the text that explains it; empty if it explains itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// The maximum number of values that a page offers.
pub const MOST_CHOICES: usize = 50;

/// The parts of the world whose zones are named by their cities.
const PARTS: [&str; 10] = [
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
];

#[derive(Template)]
#[template(path = "choices.html")]
struct Choices<'a> {
    id: &'a str,
    choices: &'a [Choice],
}

/// Renders the values of the list with an ID.
#[must_use]
pub fn choices(id: &str, choices: &[Choice]) -> String {
    // Rendering into memory does not fail.
    layout::html(&Choices { id, choices }).unwrap_or_default()
}

/// The list of a page that suggests people only while a person types.
pub const NO_ONE: &[&str] = &[];

/// Renders the list `people` of logins. A script replaces it with people who fit what is typed.
#[must_use]
pub fn people<S: AsRef<str>>(logins: &[S]) -> String {
    let logins = logins.iter().take(MOST_CHOICES);
    let logins: Vec<Choice> = logins.map(|login| Choice::new(login.as_ref(), "")).collect();
    choices("people", &logins)
}

static ZONES: LazyLock<String> = LazyLock::new(|| {
    let named = TZ_VARIANTS.iter().copied().map(Tz::name).filter(|name| is_city(name));
    let all = std::iter::once("UTC").chain(named);
    let all: Vec<Choice> = all.map(|name| Choice::new(name, "")).collect();
    choices("zones", &all)
});

fn is_city(name: &str) -> bool {
    name.split_once('/').is_some_and(|(part, _)| PARTS.contains(&part))
}

/// Renders the list `zones` of the time zones.
#[must_use]
pub fn zones() -> &'static str {
    &ZONES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_listed_by_city() {
        let html = zones();
        for zone in ["UTC", "Europe/Lisbon", "America/Argentina/Ushuaia", "Pacific/Auckland"] {
            assert!(html.contains(&format!("<option value=\"{zone}\">")), "{zone}");
        }
        for other in ["Etc/GMT", "US/Eastern", "\"EST\""] {
            assert!(!html.contains(other), "{other}");
        }
    }

    #[test]
    fn choices_are_bounded_and_escaped() {
        let many: Vec<String> = (0..60).map(|number| format!("person-{number}")).collect();
        assert_eq!(people(&many).matches("<option").count(), MOST_CHOICES);
        let html = choices("projects", &[Choice::new("lantern", "Lantern <b>")]);
        assert!(html.starts_with("<datalist id=\"projects\">"), "{html}");
        assert!(html.contains("<option value=\"lantern\">Lantern &#60;b&#62;</option>"), "{html}");
    }
}
