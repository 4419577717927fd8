//! Rows of the operator's pages.

use super::{
    objects::{Make, ObjectRow},
    rows::{
        Access::{Admin, SignedIn},
        Form, NONE, Row,
    },
};

const FEEDBACK: Make = |app, login| {
    Box::pin(async move { vec![crate::operations::feedback::sent(app, login).await.to_string()] })
};
const ANSWER: Form = &[("answer", "Thank you.")];
const OFF: Form = &[("state", "off")];
const WORDS: Form = &[("kind", "idea"), ("words", "Show the tides.")];

#[rustfmt::skip]
pub(super) const OPERATIONS_OBJECTS: &[ObjectRow] = &[
    ("POST", "/admin/feedback/{id}/answer", FEEDBACK, ANSWER, 303),
];

#[rustfmt::skip]
pub(super) const OPERATIONS_ROWS: &[Row] = &[
    ("GET", "/admin/costs", "/admin/costs", NONE, Admin(200)),
    ("GET", "/api/v1/admin/costs", "/api/v1/admin/costs", NONE, Admin(200)),
    ("GET", "/admin/use", "/admin/use?by=month", NONE, Admin(200)),
    ("GET", "/admin/use/{file}", "/admin/use/sign_ups.csv", NONE, Admin(200)),
    ("GET", "/feedback", "/feedback", NONE, SignedIn(200)),
    ("POST", "/feedback", "/feedback", WORDS, SignedIn(303)),
    ("GET", "/admin/feedback", "/admin/feedback", NONE, Admin(200)),
    ("POST", "/admin/feedback/{id}/answer", "/admin/feedback/0198a000-0000-7000-8000-000000000000/answer", ANSWER, Admin(422)),
    ("GET", "/admin/maintenance", "/admin/maintenance", NONE, Admin(200)),
    ("POST", "/admin/maintenance", "/admin/maintenance", OFF, Admin(303)),
    ("GET", "/admin/slow", "/admin/slow", NONE, Admin(200)),
    ("GET", "/api/v1/admin/feedback", "/api/v1/admin/feedback?state=open", NONE, Admin(200)),
    ("GET", "/api/v1/admin/slow", "/api/v1/admin/slow", NONE, Admin(200)),
    ("GET", "/api/v1/admin/use", "/api/v1/admin/use?by=month", NONE, Admin(200)),
];
