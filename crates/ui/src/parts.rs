//! Parts of pages that are compiled once. The code of a layout, of an included file and of a macro is compiled anew in
//! each template that uses it, so that these contain little more than one of the types here.

use askama::Template;

use crate::Form;
pub use crate::around::{admin_side, settings_side};

/// The beginning of a page, up to its main content.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "above.html")]
pub struct Above;

/// The end of a page, after its main content.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "below.html")]
pub struct Below;

/// The version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The beginning of a page of the setup: the links of the header lead nowhere yet.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "above_setup.html")]
pub struct AboveSetup;

/// The end of a page of the setup.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "below_setup.html")]
pub struct BelowSetup;

/// The stepped gable of an empty list.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "gable.html")]
pub struct Gable;

/// The message to a person whose session has not proven their second factor.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "owed_code.html")]
pub struct OwedCode;

/// The error above a rejected form.
#[derive(Debug, Template)]
#[template(path = "form_banner.html")]
pub struct Banner<'a> {
    what: &'a str,
    /// The error that belongs to no field.
    refusal: Option<String>,
    fields: Vec<Rejected>,
}

/// A rejected field, which is named when the page is complete.
#[derive(Debug)]
struct Rejected {
    field: &'static str,
    marker: String,
    error: String,
}

impl<'a> Banner<'a> {
    /// Describes why a form was rejected; `what` is what did not happen, such as "Not created".
    #[must_use]
    pub fn of(form: &Form, what: &'a str) -> Self {
        let refusal = form.refusal().filter(|_| form.refused_field().is_none());
        let rejected =
            |(field, error)| Rejected { field, marker: crate::form::marker(field), error };
        Self { what, refusal, fields: form.refusals().into_iter().map(rejected).collect() }
    }
}

/// The attributes of a field that tell whether it was refused.
#[derive(Debug, Template)]
#[template(path = "form_state.html")]
pub struct State<'a> {
    name: &'a str,
    hint: &'a str,
    is_refused: bool,
}

impl<'a> State<'a> {
    /// Describes a field; `hint` is the ID of its hint, or empty.
    #[must_use]
    pub fn of(form: &Form, name: &'a str, hint: &'a str) -> Self {
        Self { name, hint, is_refused: form.error(name).is_some() }
    }
}

/// The error next to a refused field.
#[derive(Debug, Template)]
#[template(path = "form_error.html")]
pub struct FieldError<'a> {
    name: &'a str,
    error: Option<String>,
}

impl<'a> FieldError<'a> {
    /// Describes the error of a field.
    #[must_use]
    pub fn of(form: &Form, name: &'a str) -> Self {
        Self { name, error: form.error(name) }
    }
}
