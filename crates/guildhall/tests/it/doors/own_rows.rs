//! Rows of what is one's own.

use super::rows::{Door::SignedIn, NONE, Row};

/// Rows of what is one's own.
pub(super) const OWN: &[Row] = &[
    (
        "GET",
        "/settings/sessions",
        "/settings/sessions",
        NONE,
        SignedIn(200),
    ),
    (
        "POST",
        "/settings/sessions/others/end",
        "/settings/sessions/others/end",
        NONE,
        SignedIn(303),
    ),
    (
        "POST",
        "/settings/sessions/{id}/end",
        "/settings/sessions/0198a000-0000-7000-8000-000000000000/end",
        NONE,
        SignedIn(404),
    ),
    ("GET", "/api/v1/me", "/api/v1/me", NONE, SignedIn(200)),
    (
        "GET",
        "/api/v1/me/sessions",
        "/api/v1/me/sessions",
        NONE,
        SignedIn(200),
    ),
    (
        "DELETE",
        "/api/v1/me/sessions",
        "/api/v1/me/sessions",
        NONE,
        SignedIn(200),
    ),
    (
        "DELETE",
        "/api/v1/me/sessions/{id}",
        "/api/v1/me/sessions/0198a000-0000-7000-8000-000000000000",
        NONE,
        SignedIn(404),
    ),
    (
        "GET",
        "/settings/email",
        "/settings/email",
        NONE,
        SignedIn(200),
    ),
    (
        "POST",
        "/settings/email",
        "/settings/email",
        &[("address", "wren@oak.example")],
        SignedIn(409),
    ),
    (
        "GET",
        "/settings/email/verify",
        "/settings/email/verify?token=x",
        NONE,
        SignedIn(200),
    ),
    (
        "POST",
        "/settings/email/verify",
        "/settings/email/verify",
        &[("token", "x")],
        SignedIn(409),
    ),
    (
        "POST",
        "/settings/email/remove",
        "/settings/email/remove",
        NONE,
        SignedIn(303),
    ),
    (
        "GET",
        "/api/v1/me/email",
        "/api/v1/me/email",
        NONE,
        SignedIn(200),
    ),
    (
        "PUT",
        "/api/v1/me/email",
        "/api/v1/me/email",
        &[("address", "wren@oak.example")],
        SignedIn(409),
    ),
    (
        "DELETE",
        "/api/v1/me/email",
        "/api/v1/me/email",
        NONE,
        SignedIn(204),
    ),
    (
        "POST",
        "/api/v1/me/email/verify",
        "/api/v1/me/email/verify",
        &[("token", "x")],
        SignedIn(415),
    ),
];
