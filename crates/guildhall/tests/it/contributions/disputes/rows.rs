//! Rows of the permission matrix for disputes and overrides.

use super::objects::OPENER;
use crate::auth::rows::{
    Access::{Admin, EvenBanned, Moderator, Party, SignedIn},
    Form, NONE, Row,
};

/// A dispute about a pull request of no one.
const DISPUTE: Form = &[("kind", "score"), ("target", "octo-org/lantern#999"), ("text", "to try")];

const TEXT: Form = &[("text", "to try")];

const DECISION: Form = &[("is_granted", "false"), ("reason", "to try")];

const OVERRIDE: Form = &[("kind", "none"), ("reason", "to try")];

#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    ("GET", "/me/standing", "/me/standing", NONE, EvenBanned(200)),
    ("GET", "/api/v1/me/standing", "/api/v1/me/standing", NONE, EvenBanned(200)),
    ("GET", "/disputes/new", "/disputes/new", NONE, EvenBanned(200)),
    // A banned person contests only their ban: `bans.rs` does.
    ("POST", "/disputes", "/disputes", DISPUTE, SignedIn(404)),
    ("GET", "/api/v1/disputes", "/api/v1/disputes", NONE, EvenBanned(200)),
    ("POST", "/api/v1/disputes", "/api/v1/disputes", DISPUTE, SignedIn(404)),
    ("GET", "/disputes/{number}", "/disputes/D-1", NONE, Party(OPENER, 200)),
    ("GET", "/api/v1/disputes/{number}", "/api/v1/disputes/1", NONE, Party(OPENER, 200)),
    ("POST", "/disputes/{number}/messages", "/disputes/D-1/messages", TEXT, Party(OPENER, 303)),
    ("POST", "/api/v1/disputes/{number}/messages", "/api/v1/disputes/1/messages", TEXT, Party(OPENER, 204)),
    ("POST", "/disputes/{number}/appeal", "/disputes/D-999/appeal", TEXT, EvenBanned(404)),
    ("POST", "/api/v1/disputes/{number}/appeal", "/api/v1/disputes/999/appeal", TEXT, EvenBanned(404)),
    ("POST", "/disputes/{number}/decision", "/disputes/D-999/decision", &[("outcome", "uphold"), ("reason", "to try")], Moderator(404)),
    ("GET", "/admin/disputes", "/admin/disputes", NONE, Moderator(200)),
    ("GET", "/api/v1/admin/disputes", "/api/v1/admin/disputes", NONE, Moderator(200)),
    ("POST", "/api/v1/admin/disputes/{number}/decision", "/api/v1/admin/disputes/999/decision", DECISION, Moderator(404)),
    ("POST", "/pull-requests/{owner}/{repository}/{number}/override", "/pull-requests/octo-org/lantern/999/override", OVERRIDE, Admin(404)),
    ("POST", "/pull-requests/{owner}/{repository}/{number}/override/lift", "/pull-requests/octo-org/lantern/999/override/lift", &[("reason", "to try")], Admin(404)),
    ("PUT", "/api/v1/pull-requests/{owner}/{repository}/{number}/override", "/api/v1/pull-requests/octo-org/lantern/999/override", OVERRIDE, Admin(404)),
    ("DELETE", "/api/v1/pull-requests/{owner}/{repository}/{number}/override", "/api/v1/pull-requests/octo-org/lantern/999/override?reason=to+try", NONE, Admin(404)),
];
