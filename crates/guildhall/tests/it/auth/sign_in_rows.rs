//! Rows of signing in and out.

use super::rows::{Access::Open, NONE, Row};

pub(super) const SIGN_IN_ROWS: &[Row] = &[
    ("GET", "/sign-in", "/sign-in", NONE, Open(200)),
    ("GET", "/sign-in/github", "/sign-in/github", NONE, Open(404)),
    ("GET", "/sign-in/github/callback", "/sign-in/github/callback", NONE, Open(404)),
    ("GET", "/sign-in/openid", "/sign-in/openid", NONE, Open(404)),
    ("GET", "/sign-in/openid/callback", "/sign-in/openid/callback", NONE, Open(404)),
    ("POST", "/sign-in/demo", "/sign-in/demo", &[("as", "contributor")], Open(303)),
    ("GET", "/sign-in/email", "/sign-in/email", NONE, Open(200)),
    ("POST", "/sign-in/email", "/sign-in/email", &[("address", "wren@oak.example")], Open(409)),
    ("POST", "/sign-in/email/code", "/sign-in/email/code", NONE, Open(422)),
    ("GET", "/sign-in/email/{token}", "/sign-in/email/made-up", NONE, Open(200)),
    ("POST", "/sign-in/email/{token}", "/sign-in/email/made-up", NONE, Open(400)),
    ("GET", "/sign-in/email/{token}/not-me", "/sign-in/email/made-up/not-me", NONE, Open(200)),
    ("POST", "/sign-in/email/{token}/not-me", "/sign-in/email/made-up/not-me", NONE, Open(303)),
    ("GET", "/invitations/{token}", "/invitations/made-up", NONE, Open(404)),
    ("POST", "/invitations/{token}", "/invitations/made-up", NONE, Open(404)),
    ("POST", "/sign-out", "/sign-out", NONE, Open(303)),
];
