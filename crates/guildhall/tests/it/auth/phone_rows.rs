//! Rows of a person's phone.

use super::rows::{
    Access::{InPerson, SignedIn},
    NONE, Row,
};

/// Rows of a person's phone.
#[rustfmt::skip]
pub(super) const PHONE_ROWS: &[Row] = &[
    ("GET", "/api/v1/me/phone", "/api/v1/me/phone", NONE, SignedIn(200)),
    // No service for text messages is configured.
    ("PUT", "/api/v1/me/phone", "/api/v1/me/phone", &[("number", "+15551230007")], InPerson(409)),
    ("POST", "/api/v1/me/phone/verify", "/api/v1/me/phone/verify", &[("code", "042917")], InPerson(409)),
    ("DELETE", "/api/v1/me/phone", "/api/v1/me/phone", NONE, InPerson(404)),
    ("GET", "/settings/notifications/phone", "/settings/notifications/phone", NONE, SignedIn(200)),
    ("POST", "/settings/notifications/phone", "/settings/notifications/phone", &[("number", "+15551230007")], InPerson(409)),
    ("POST", "/settings/notifications/phone/verify", "/settings/notifications/phone/verify", &[("code", "042917")], InPerson(409)),
    ("POST", "/settings/notifications/phone/remove", "/settings/notifications/phone/remove", NONE, InPerson(404)),
];
