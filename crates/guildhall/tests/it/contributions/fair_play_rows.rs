//! Rows of the permission matrix for flags on pull requests.

use crate::auth::rows::{Access::Moderator, Form, NONE, Row};

/// A decision on a flag, in the form of the page.
const DECISION: Form = &[("decision", "dismiss"), ("reason", "to try")];

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("GET", "/admin/fair-play", "/admin/fair-play", NONE, Moderator(200)),
    ("POST", "/admin/fair-play", "/admin/fair-play", DECISION, Moderator(422)),
    ("GET", "/admin/fair-play/{number}", "/admin/fair-play/1", NONE, Moderator(404)),
    ("POST", "/admin/fair-play/{number}", "/admin/fair-play/1", DECISION, Moderator(404)),
    ("POST", "/admin/fair-play/{number}/reopen", "/admin/fair-play/1/reopen", &[("reason", "to try")], Moderator(404)),
    ("GET", "/api/v1/admin/fair-play", "/api/v1/admin/fair-play", NONE, Moderator(200)),
    ("GET", "/api/v1/admin/fair-play/{number}", "/api/v1/admin/fair-play/1", NONE, Moderator(404)),
    ("POST", "/api/v1/admin/fair-play/{number}/decision", "/api/v1/admin/fair-play/1/decision", &[("is_confirmed", "false"), ("reason", "to try")], Moderator(404)),
    ("POST", "/api/v1/admin/fair-play/{number}/reopen", "/api/v1/admin/fair-play/1/reopen", &[("reason", "to try")], Moderator(404)),
];
