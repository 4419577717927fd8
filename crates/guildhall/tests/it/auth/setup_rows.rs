//! Rows of the setup, on a server that has an admin.

use super::rows::{
    Access::{Admin, AdminInPerson, Open},
    Form, NONE, Row,
};

/// All programs, so that other rows find theirs.
const PROGRAMS: Form = &[
    ("programs", "contributions"),
    ("programs", "hackathons"),
    ("programs", "ctf"),
    ("programs", "discovery"),
];

#[rustfmt::skip]
pub(super) const SETUP_ROWS: &[Row] = &[
    ("GET", "/setup", "/setup", NONE, Open(303)),
    // No code was made for an admin.
    ("POST", "/setup", "/setup", &[("code", "7F4M-QX2K-9TWB")], Open(409)),
    // Without a name, nothing is saved.
    ("GET", "/setup/community", "/setup/community", NONE, AdminInPerson(200)),
    ("POST", "/setup/community", "/setup/community", NONE, AdminInPerson(422)),
    ("GET", "/setup/programs", "/setup/programs", NONE, Admin(200)),
    ("POST", "/setup/programs", "/setup/programs", PROGRAMS, Admin(303)),
    // GitHub cannot reach a server on this machine, which has no App.
    ("GET", "/setup/github", "/setup/github", NONE, AdminInPerson(200)),
    ("POST", "/setup/github", "/setup/github", NONE, AdminInPerson(409)),
    ("GET", "/setup/github/created", "/setup/github/created?code=a&state=b", NONE, AdminInPerson(400)),
    ("POST", "/setup/github/test", "/setup/github/test", NONE, AdminInPerson(409)),
    ("POST", "/setup/github/token", "/setup/github/token", NONE, AdminInPerson(422)),
    ("GET", "/setup/email", "/setup/email", NONE, AdminInPerson(200)),
    ("POST", "/setup/email", "/setup/email", NONE, AdminInPerson(422)),
    ("GET", "/setup/done", "/setup/done", NONE, Admin(200)),
];
