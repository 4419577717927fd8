//! Rows of the permission matrix about competitors and teams.

use super::app::COACH;
use crate::auth::rows::{
    Access::{Admin, Hidden, Open, SignedIn},
    NONE, Row,
};

#[rustfmt::skip]
pub(super) const COMPETITOR_ROWS: &[Row] = &[
    ("GET", "/ctf/competitors/{competitor}", "/ctf/competitors/00000000-0000-7000-8000-000000000041", NONE, Hidden(COACH, 200)),
    ("GET", "/ctf/competitors/{competitor}/solves.csv", "/ctf/competitors/00000000-0000-7000-8000-000000000041/solves.csv", NONE, Hidden(COACH, 200)),
    ("GET", "/ctf/competitors/{competitor}/events", "/ctf/competitors/00000000-0000-7000-8000-000000000041/events", NONE, Hidden(COACH, 200)),
    // Reported once, it is reported.
    ("POST", "/ctf/competitors/{competitor}/discrepancy", "/ctf/competitors/00000000-0000-7000-8000-000000000046/discrepancy", NONE, Hidden(COACH, 303)),
    // No person in the rows is a competitor yet.
    ("POST", "/ctf/me/report/discrepancy", "/ctf/me/report/discrepancy", NONE, SignedIn(404)),
    ("GET", "/ctf/me/report/events", "/ctf/me/report/events", NONE, SignedIn(404)),
    ("GET", "/ctf/me/report", "/ctf/me/report", NONE, SignedIn(404)),
    ("GET", "/ctf/me/report/solves.csv", "/ctf/me/report/solves.csv", NONE, SignedIn(404)),
    ("GET", "/ctf/rosters/{roster}/competitors", "/ctf/rosters/00000000-0000-7000-8000-000000000001/competitors", NONE, Hidden(COACH, 200)),
    ("GET", "/ctf/rosters/{roster}/competitors.csv", "/ctf/rosters/00000000-0000-7000-8000-000000000001/competitors.csv", NONE, Hidden(COACH, 200)),
    ("POST", "/ctf/rosters/{roster}/competitors/confirm", "/ctf/rosters/00000000-0000-7000-8000-000000000001/competitors/confirm", NONE, Hidden(COACH, 303)),
    ("GET", "/ctf/rosters/{roster}/competitors/import", "/ctf/rosters/00000000-0000-7000-8000-000000000001/competitors/import", NONE, Hidden(COACH, 200)),
    ("POST", "/ctf/rosters/{roster}/competitors/import", "/ctf/rosters/00000000-0000-7000-8000-000000000001/competitors/import", &[("rows", "first_name,last_name\nAda,Quill")], Hidden(COACH, 200)),
    ("POST", "/api/v1/ctf/rosters/{roster}/competitors/import", "/api/v1/ctf/rosters/00000000-0000-7000-8000-000000000001/competitors/import", &[("rows", "first_name,last_name\nAda,Quill")], Hidden(COACH, 200)),
    ("GET", "/ctf/rosters/{roster}/competitors/new", "/ctf/rosters/00000000-0000-7000-8000-000000000001/competitors/new", NONE, Hidden(COACH, 200)),
    ("POST", "/ctf/rosters/{roster}/competitors/new", "/ctf/rosters/00000000-0000-7000-8000-000000000001/competitors/new", &[("first_name", "Ada"), ("last_name", "Quill")], Hidden(COACH, 303)),
    ("POST", "/ctf/competitors/{competitor}/confirm", "/ctf/competitors/00000000-0000-7000-8000-000000000041/confirm", NONE, Hidden(COACH, 303)),
    ("GET", "/ctf/competitors/{competitor}/profile", "/ctf/competitors/00000000-0000-7000-8000-000000000041/profile", NONE, Hidden(COACH, 200)),
    // The fields are missing.
    ("POST", "/ctf/competitors/{competitor}/profile", "/ctf/competitors/00000000-0000-7000-8000-000000000041/profile", NONE, Hidden(COACH, 422)),
    ("POST", "/ctf/competitors/{competitor}/profile/confirm-account", "/ctf/competitors/00000000-0000-7000-8000-000000000041/profile/confirm-account", NONE, Hidden(COACH, 303)),
    // The server cannot send email.
    ("POST", "/ctf/competitors/{competitor}/profile/consent-link", "/ctf/competitors/00000000-0000-7000-8000-000000000041/profile/consent-link", NONE, Hidden(COACH, 409)),
    ("GET", "/ctf/competitors/{competitor}/profile/erase", "/ctf/competitors/00000000-0000-7000-8000-000000000041/profile/erase", NONE, Hidden(COACH, 200)),
    // Erasing repeatedly changes nothing.
    ("POST", "/ctf/competitors/{competitor}/profile/erase", "/ctf/competitors/00000000-0000-7000-8000-000000000043/profile/erase", NONE, Hidden(COACH, 303)),
    ("GET", "/ctf/competitors/{competitor}/profile/leave", "/ctf/competitors/00000000-0000-7000-8000-000000000041/profile/leave", NONE, Hidden(COACH, 200)),
    // They have left.
    ("POST", "/ctf/competitors/{competitor}/profile/leave", "/ctf/competitors/00000000-0000-7000-8000-000000000044/profile/leave", NONE, Hidden(COACH, 409)),
    ("POST", "/ctf/competitors/{competitor}/profile/link", "/ctf/competitors/00000000-0000-7000-8000-000000000041/profile/link", NONE, Hidden(COACH, 200)),
    // The other roster is unknown.
    ("POST", "/ctf/competitors/{competitor}/profile/move", "/ctf/competitors/00000000-0000-7000-8000-000000000041/profile/move", NONE, Hidden(COACH, 404)),
    ("POST", "/ctf/competitors/{competitor}/profile/release", "/ctf/competitors/00000000-0000-7000-8000-000000000041/profile/release", &[("signed_on", "2026-10-30")], Hidden(COACH, 303)),
    // They have left.
    ("POST", "/ctf/competitors/{competitor}/profile/withdraw", "/ctf/competitors/00000000-0000-7000-8000-000000000044/profile/withdraw", NONE, Hidden(COACH, 409)),
    ("GET", "/ctf/rosters/{roster}/teams", "/ctf/rosters/00000000-0000-7000-8000-000000000001/teams", NONE, Hidden(COACH, 200)),
    // The name is taken.
    ("POST", "/ctf/rosters/{roster}/teams", "/ctf/rosters/00000000-0000-7000-8000-000000000001/teams", &[("name", "Null Owls"), ("division", "college"), ("affiliation", "Harbor High")], Hidden(COACH, 409)),
    ("GET", "/ctf/teams/{team}", "/ctf/teams/00000000-0000-7000-8000-000000000051", NONE, Hidden(COACH, 200)),
    ("POST", "/ctf/teams/{team}", "/ctf/teams/00000000-0000-7000-8000-000000000051", &[("name", "Null Owls"), ("division", "college"), ("affiliation", "Harbor High")], Hidden(COACH, 303)),
    ("GET", "/ctf/teams/{team}/delete", "/ctf/teams/00000000-0000-7000-8000-000000000051/delete", NONE, Hidden(COACH, 200)),
    // Its roster is archived.
    ("POST", "/ctf/teams/{team}/delete", "/ctf/teams/00000000-0000-7000-8000-000000000052/delete", NONE, Hidden(COACH, 409)),
    ("POST", "/ctf/teams/{team}/members", "/ctf/teams/00000000-0000-7000-8000-000000000051/members", &[("competitor", "00000000-0000-7000-8000-000000000041")], Hidden(COACH, 303)),
    ("POST", "/ctf/teams/{team}/members/{competitor}/remove", "/ctf/teams/00000000-0000-7000-8000-000000000051/members/00000000-0000-7000-8000-000000000041/remove", NONE, Hidden(COACH, 303)),
    // The game platform is off, here and below.
    ("POST", "/ctf/teams/{team}/sync", "/ctf/teams/00000000-0000-7000-8000-000000000051/sync", NONE, Hidden(COACH, 409)),
    ("POST", "/ctf/competitors/{competitor}/sync", "/ctf/competitors/00000000-0000-7000-8000-000000000041/sync", NONE, Hidden(COACH, 409)),
    ("POST", "/ctf/competitors/{competitor}/password-reset", "/ctf/competitors/00000000-0000-7000-8000-000000000041/password-reset", NONE, Hidden(COACH, 409)),
    ("POST", "/ctf/competitors/{competitor}/clear-error", "/ctf/competitors/00000000-0000-7000-8000-000000000041/clear-error", NONE, Hidden(COACH, 303)),
    ("GET", "/admin/ctf/privacy", "/admin/ctf/privacy", NONE, Admin(200)),
    // The text is missing.
    ("POST", "/admin/ctf/privacy", "/admin/ctf/privacy", NONE, Admin(422)),
    ("POST", "/admin/ctf/erasures/{erasure}/confirm", "/admin/ctf/erasures/00000000-0000-7000-8000-000000000061/confirm", NONE, Admin(303)),
    ("GET", "/ctf/me", "/ctf/me", NONE, SignedIn(404)),
    ("POST", "/ctf/me", "/ctf/me", NONE, SignedIn(404)),
    ("GET", "/ctf/me/erase", "/ctf/me/erase", NONE, SignedIn(404)),
    ("POST", "/ctf/me/erase", "/ctf/me/erase", NONE, SignedIn(404)),
    ("GET", "/ctf/me/leave", "/ctf/me/leave", NONE, SignedIn(404)),
    ("POST", "/ctf/me/leave", "/ctf/me/leave", NONE, SignedIn(404)),
    ("POST", "/ctf/me/release", "/ctf/me/release", NONE, SignedIn(404)),
    ("POST", "/ctf/me/withdraw", "/ctf/me/withdraw", NONE, SignedIn(404)),
    ("POST", "/ctf/me/weekly-mail", "/ctf/me/weekly-mail", NONE, SignedIn(404)),
    // The links of competitors and parents need no account.
    ("POST", "/ctf/links/{token}/profile", "/ctf/links/dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd/profile", NONE, Open(422)),
    ("POST", "/ctf/links/{token}/consent", "/ctf/links/eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee/consent", &[("parent_name", "Bo Quill"), ("agreed", "0")], Open(303)),
    ("GET", "/ctf/links/{token}/withdraw", "/ctf/links/eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee/withdraw", NONE, Open(200)),
    ("POST", "/ctf/links/{token}/withdraw", "/ctf/links/eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee/withdraw", NONE, Open(303)),
];
