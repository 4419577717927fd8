//! Rows of the routes of the community's texts.

use community::{
    actions::{NewText, save_text},
    model::TextName,
};
use platform::audit::Actor::Operator;

use super::{
    objects::{Make, ObjectRow},
    rows::{
        Access::{Admin, Open},
        Form, NONE, Row,
    },
};
use crate::app::TestApp;

/// Saving it again changes nothing.
const TEXT: Form = &[("body", "Be kind."), ("based_on", "0")];
const BASED_ON: Form = &[("based_on", "0")];

const VERSION: Make = |app, _| Box::pin(version(app));

/// Saves a text; returns its name and its only version, which may be restored at any time because it is current.
async fn version(app: &TestApp) -> Vec<String> {
    let new = NewText { body: "Write to us.", based_on: 0 };
    let saved = save_text(app.context(), Operator, TextName::Contact, new).await.expect("saved");
    vec![saved.name.as_str().to_owned(), saved.version.to_string()]
}

#[rustfmt::skip]
pub(super) const TEXT_OBJECTS: &[ObjectRow] = &[
    ("GET", "/admin/texts/{name}/versions/{version}", VERSION, NONE, 200),
    ("POST", "/admin/texts/{name}/versions/{version}/restore", VERSION, BASED_ON, 303),
];

#[rustfmt::skip]
pub(super) const TEXT_ROWS: &[Row] = &[
    ("GET", "/about", "/about", NONE, Open(200)),
    ("GET", "/conduct", "/conduct", NONE, Open(200)),
    ("GET", "/privacy", "/privacy", NONE, Open(200)),
    ("GET", "/contact", "/contact", NONE, Open(200)),
    ("GET", "/api/v1/community/texts/{name}", "/api/v1/community/texts/conduct", NONE, Open(200)),
    ("GET", "/admin/texts", "/admin/texts", NONE, Admin(200)),
    ("GET", "/admin/texts/{name}", "/admin/texts/conduct", NONE, Admin(200)),
    ("POST", "/admin/texts/{name}", "/admin/texts/conduct", TEXT, Admin(303)),
    ("POST", "/admin/texts/{name}/preview", "/admin/texts/conduct/preview", TEXT, Admin(200)),
    ("GET", "/admin/texts/{name}/versions/{version}", "/admin/texts/contact/versions/1", NONE, Admin(404)),
    ("POST", "/admin/texts/{name}/versions/{version}/restore", "/admin/texts/contact/versions/1/restore", BASED_ON, Admin(404)),
];
