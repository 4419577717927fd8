//! The page that asks before an action. Every action that ends something is asked for in this way.

use askama::Template;

use crate::format::tame;

/// A question with its consequence, a button that acts and a way back.
#[derive(Clone, Debug, Template)]
#[template(path = "confirm.html")]
pub struct Confirmation {
    /// The question, such as "Revoke the token “ci”?".
    pub question: String,
    /// The consequence in one or two sentences.
    pub consequence: String,
    /// Facts of the thing that the question is about, each with its name. Those with an empty value are left out.
    pub facts: Vec<(&'static str, String)>,
    /// The path that the form is sent to.
    pub action: String,
    /// The fields that the form repeats.
    pub fields: Vec<(&'static str, String)>,
    /// The text of the button, which says what happens.
    pub button: String,
    /// True if it removes or ends something, so that the button is red.
    pub is_ending: bool,
    /// The path of the page that asked.
    pub back: String,
}

impl Confirmation {
    /// Returns the facts that have a value, without characters that could disguise it.
    fn shown(&self) -> Vec<(&'static str, String)> {
        let tamed = self.facts.iter().map(|(name, value)| (*name, tame(value)));
        tamed.filter(|(_, value)| !value.trim().is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_without_a_value_are_left_out() {
        let confirmation = Confirmation {
            question: "Remove it?".to_owned(),
            consequence: "It is gone.".to_owned(),
            facts: vec![("Sponsor", " ".to_owned()), ("Value", "100 <EUR>".to_owned())],
            action: "/x".to_owned(),
            fields: Vec::new(),
            button: "Remove".to_owned(),
            is_ending: true,
            back: "/y".to_owned(),
        };
        assert_eq!(confirmation.shown(), [("Value", "100 <EUR>".to_owned())]);
        let html = confirmation.render().expect("a page");
        assert!(
            html.contains("<dd><bdi>100 &#60;EUR&#62;</bdi></dd>") && !html.contains("Sponsor")
        );
    }

    #[test]
    fn only_what_ends_something_has_a_red_button() {
        for (is_ending, class) in [(true, "btn danger"), (false, "btn primary")] {
            let confirmation = Confirmation {
                question: "Publish it?".to_owned(),
                consequence: String::new(),
                facts: Vec::new(),
                action: "/x".to_owned(),
                fields: Vec::new(),
                button: "Publish".to_owned(),
                is_ending,
                back: "/y".to_owned(),
            };
            let html = confirmation.render().expect("a page");
            assert!(html.contains(&format!("<button class=\"{class}\">Publish")), "{html}");
        }
    }
}
