//! The page that asks before an action. Every action that ends something is asked for in this way.

use askama::Template;

/// A question with its consequence, a button that acts and a way back.
#[derive(Clone, Debug, Template)]
#[template(path = "confirm.html")]
pub struct Confirmation {
    /// The question, such as "Revoke the token “ci”?".
    pub question: String,
    /// The consequence in one or two sentences.
    pub consequence: String,
    /// The path that the form is sent to.
    pub action: String,
    /// The fields that the form repeats.
    pub fields: Vec<(&'static str, String)>,
    /// The text of the button, which says what happens.
    pub button: String,
    /// The path of the page that asked.
    pub back: String,
}
