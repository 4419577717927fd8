//! Rows of a person's webhooks.

use super::rows::{
    Access::{InPerson, SignedIn},
    NONE, Row,
};

/// Rows of a person's webhooks.
#[rustfmt::skip]
pub(super) const WEBHOOK_ROWS: &[Row] = &[
    ("GET", "/settings/webhooks", "/settings/webhooks", NONE, SignedIn(200)),
    ("POST", "/settings/webhooks", "/settings/webhooks", &[("url", "https://hooks.example/a")], InPerson(200)),
    ("GET", "/settings/webhooks/{id}", "/settings/webhooks/0198a000-0000-7000-8000-000000000000", NONE, SignedIn(404)),
    ("POST", "/settings/webhooks/{id}", "/settings/webhooks/0198a000-0000-7000-8000-000000000000", &[("description", "Our chat")], InPerson(404)),
    ("POST", "/settings/webhooks/{id}/rotate", "/settings/webhooks/0198a000-0000-7000-8000-000000000000/rotate", NONE, InPerson(404)),
    ("POST", "/settings/webhooks/{id}/enable", "/settings/webhooks/0198a000-0000-7000-8000-000000000000/enable", NONE, InPerson(404)),
    ("POST", "/settings/webhooks/{id}/test", "/settings/webhooks/0198a000-0000-7000-8000-000000000000/test", NONE, InPerson(404)),
    ("GET", "/settings/webhooks/{id}/delete", "/settings/webhooks/0198a000-0000-7000-8000-000000000000/delete", NONE, InPerson(404)),
    ("POST", "/settings/webhooks/{id}/delete", "/settings/webhooks/0198a000-0000-7000-8000-000000000000/delete", NONE, InPerson(404)),
    ("GET", "/api/v1/me/webhooks", "/api/v1/me/webhooks", NONE, SignedIn(200)),
    ("POST", "/api/v1/me/webhooks", "/api/v1/me/webhooks", &[("url", "https://hooks.example/a")], InPerson(201)),
    ("GET", "/api/v1/me/webhooks/{id}", "/api/v1/me/webhooks/0198a000-0000-7000-8000-000000000000", NONE, SignedIn(404)),
    ("PATCH", "/api/v1/me/webhooks/{id}", "/api/v1/me/webhooks/0198a000-0000-7000-8000-000000000000", &[("description", "Our chat")], InPerson(404)),
    ("DELETE", "/api/v1/me/webhooks/{id}", "/api/v1/me/webhooks/0198a000-0000-7000-8000-000000000000", NONE, InPerson(404)),
    ("POST", "/api/v1/me/webhooks/{id}/rotate", "/api/v1/me/webhooks/0198a000-0000-7000-8000-000000000000/rotate", NONE, InPerson(404)),
    ("POST", "/api/v1/me/webhooks/{id}/enable", "/api/v1/me/webhooks/0198a000-0000-7000-8000-000000000000/enable", NONE, InPerson(404)),
    ("POST", "/api/v1/me/webhooks/{id}/test", "/api/v1/me/webhooks/0198a000-0000-7000-8000-000000000000/test", NONE, InPerson(404)),
    ("GET", "/api/v1/me/webhooks/{id}/attempts", "/api/v1/me/webhooks/0198a000-0000-7000-8000-000000000000/attempts", NONE, SignedIn(404)),
];
