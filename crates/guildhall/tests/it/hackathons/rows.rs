//! Rows of the permission matrix for pages.

use super::app::ORGANIZER;
use crate::auth::rows::{
    Access::{Admin, Hidden, Open, Owner, SignedIn},
    Form, NONE, Row,
};

/// An application without words.
const ACCEPTED: Form = &[("conduct_version", "1")];

/// Valid details of a hackathon, for a page.
const DETAILS: Form = &[
    ("title", "Low Tide"),
    ("timezone", "UTC"),
    ("application_opens_at", "2026-10-12T18:00"),
    ("application_closes_at", "2026-11-06T18:00"),
    ("submission_opens_at", "2026-11-14T09:00"),
    ("submission_closes_at", "2026-11-22T18:00"),
    ("visibility", "public"),
    ("places", "automatic"),
    ("team_min", "1"),
    ("team_max", "4"),
];

/// Valid details of a private hackathon, for a page.
const PRIVATE: Form = &[
    ("title", "Hush"),
    ("timezone", "UTC"),
    ("application_opens_at", "2026-10-12T18:00"),
    ("application_closes_at", "2026-11-06T18:00"),
    ("submission_opens_at", "2026-11-14T09:00"),
    ("submission_closes_at", "2026-11-22T18:00"),
    ("visibility", "private"),
    ("places", "automatic"),
    ("team_min", "1"),
    ("team_max", "4"),
];

/// The rows. People take part in `low-tide` between those that apply and withdraw; `hush` is private.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("GET", "/hackathons", "/hackathons", NONE, Open(200)),
    ("GET", "/hackathons/{slug}", "/hackathons/low-tide", NONE, Open(200)),
    ("GET", "/hackathons/{slug}/calendar.ics", "/hackathons/low-tide/calendar.ics", NONE, Open(200)),
    ("GET", "/hackathon-calendars/{token}", "/hackathon-calendars/made-up", NONE, Open(404)),
    ("GET", "/hackathons/{slug}/apply", "/hackathons/low-tide/apply", NONE, SignedIn(200)),
    ("POST", "/hackathons/{slug}/apply", "/hackathons/low-tide/apply", ACCEPTED, SignedIn(303)),
    ("GET", "/hackathons/{slug}/withdraw", "/hackathons/low-tide/withdraw", NONE, SignedIn(200)),
    ("POST", "/hackathons/{slug}/looking", "/hackathons/low-tide/looking", NONE, SignedIn(303)),
    ("POST", "/hackathons/{slug}/withdraw", "/hackathons/low-tide/withdraw", NONE, SignedIn(303)),
    ("GET", "/hackathons/{slug}/teams", "/hackathons/hush/teams", NONE, Hidden(ORGANIZER, 200)),
    ("GET", "/hackathons/{slug}/team", "/hackathons/hush/team", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/team", "/hackathons/hush/team", NONE, Hidden(ORGANIZER, 422)),
    ("POST", "/hackathons/{slug}/team/create", "/hackathons/hush/team/create", NONE, Hidden(ORGANIZER, 422)),
    ("POST", "/hackathons/{slug}/team/code", "/hackathons/hush/team/code", NONE, Hidden(ORGANIZER, 404)),
    ("GET", "/hackathons/{slug}/team/leave", "/hackathons/hush/team/leave", NONE, Hidden(ORGANIZER, 409)),
    ("POST", "/hackathons/{slug}/team/leave", "/hackathons/hush/team/leave", NONE, Hidden(ORGANIZER, 404)),
    ("POST", "/hackathons/{slug}/team/members/{login}/role", "/hackathons/hush/team/members/person/role", &[("role", "member")], Hidden(ORGANIZER, 404)),
    ("POST", "/hackathons/{slug}/team/members/{login}/remove", "/hackathons/hush/team/members/person/remove", NONE, Hidden(ORGANIZER, 404)),
    ("GET", "/hackathon-teams/join", "/hackathon-teams/join", NONE, SignedIn(200)),
    ("POST", "/hackathon-teams/join", "/hackathon-teams/join", NONE, SignedIn(422)),
    ("GET", "/hackathons/new", "/hackathons/new", NONE, Owner(ORGANIZER, 200)),
    ("POST", "/hackathons/new", "/hackathons/new", DETAILS, Owner(ORGANIZER, 303)),
    ("GET", "/hackathons/{slug}/edit", "/hackathons/hush/edit", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/edit", "/hackathons/hush/edit", PRIVATE, Hidden(ORGANIZER, 303)),
    ("POST", "/hackathons/{slug}/invitation", "/hackathons/hush/invitation", NONE, Hidden(ORGANIZER, 303)),
    ("GET", "/hackathons/{slug}/publish", "/hackathons/hush/publish", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/publish", "/hackathons/hush/publish", NONE, Hidden(ORGANIZER, 409)),
    ("GET", "/hackathons/{slug}/cancel", "/hackathons/hush/cancel", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/cancel", "/hackathons/hush/cancel", NONE, Hidden(ORGANIZER, 422)),
    ("GET", "/hackathons/{slug}/results", "/hackathons/hush/results", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/results", "/hackathons/hush/results", &[("results", "Gannet wins.")], Hidden(ORGANIZER, 409)),
    ("GET", "/hackathons/{slug}/results/now", "/hackathons/hush/results/now", NONE, Hidden(ORGANIZER, 303)),
    ("POST", "/hackathons/{slug}/results/now", "/hackathons/hush/results/now", NONE, Hidden(ORGANIZER, 409)),
    ("POST", "/hackathons/{slug}/results/undo", "/hackathons/hush/results/undo", NONE, Hidden(ORGANIZER, 409)),
    ("GET", "/hackathons/{slug}/archive", "/hackathons/hush/archive", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/archive", "/hackathons/hush/archive", NONE, Hidden(ORGANIZER, 409)),
    ("GET", "/hackathons/{slug}/applications", "/hackathons/hush/applications", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/applications", "/hackathons/hush/applications", &[("decision", "approve")], Hidden(ORGANIZER, 422)),
    ("GET", "/hackathons/{slug}/applications.csv", "/hackathons/hush/applications.csv", NONE, Hidden(ORGANIZER, 200)),
    ("GET", "/hackathons/{slug}/staff", "/hackathons/hush/staff", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/staff", "/hackathons/hush/staff", &[("login", "hack-mentor"), ("role", "mentor")], Hidden(ORGANIZER, 303)),
    ("POST", "/hackathons/{slug}/staff/{login}/remove", "/hackathons/hush/staff/hack-mentor/remove", NONE, Hidden(ORGANIZER, 303)),
    ("GET", "/admin/hackathons/{slug}/points", "/admin/hackathons/hush/points", NONE, Admin(200)),
    ("POST", "/admin/hackathons/{slug}/points", "/admin/hackathons/hush/points", NONE, Admin(303)),
    ("GET", "/admin/hackathons", "/admin/hackathons", NONE, Admin(200)),
    ("POST", "/admin/hackathons", "/admin/hackathons", &[("login", "hack-mentor")], Admin(303)),
    ("POST", "/admin/hackathons/hosts/{login}/remove", "/admin/hackathons/hosts/hack-mentor/remove", NONE, Admin(303)),
    ("POST", "/hackathons/{slug}/team/invitations", "/hackathons/hush/team/invitations", &[("login", "person")], Hidden(ORGANIZER, 422)),
    ("POST", "/hackathons/{slug}/team/invitations/{login}/cancel", "/hackathons/hush/team/invitations/person/cancel", NONE, Hidden(ORGANIZER, 404)),
    ("POST", "/hackathons/{slug}/invitations/{team}/accept", "/hackathons/hush/invitations/gannet/accept", NONE, Hidden(ORGANIZER, 404)),
    ("POST", "/hackathons/{slug}/invitations/{team}/decline", "/hackathons/hush/invitations/gannet/decline", NONE, Hidden(ORGANIZER, 404)),
    ("GET", "/hackathons/{slug}/judging", "/hackathons/hush/judging", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/judging/next", "/hackathons/hush/judging/next", NONE, Hidden(ORGANIZER, 409)),
    ("GET", "/hackathons/{slug}/judging/setup", "/hackathons/hush/judging/setup", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/judging/setup", "/hackathons/hush/judging/setup", &[("mode", "ranking"), ("looks", "3"), ("minutes_per_look", "5"), ("minutes", "120")], Hidden(ORGANIZER, 303)),
    ("GET", "/hackathons/{slug}/judging/coverage", "/hackathons/hush/judging/coverage", NONE, Hidden(ORGANIZER, 200)),
    ("GET", "/hackathons/{slug}/judging/results", "/hackathons/low-tide/judging/results", NONE, Open(200)),
    ("GET", "/hackathons/{slug}/judging/results.csv", "/hackathons/hush/judging/results.csv", NONE, Hidden(ORGANIZER, 200)),
    ("GET", "/hackathons/{slug}/judging/rounds", "/hackathons/hush/judging/rounds", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/judging/rounds", "/hackathons/hush/judging/rounds", &[("round", "1"), ("carried", "1")], Hidden(ORGANIZER, 409)),
    ("POST", "/hackathons/{slug}/judging/decisions", "/hackathons/hush/judging/decisions", &[("reason", "The jury voted.")], Hidden(ORGANIZER, 422)),
    ("POST", "/hackathons/{slug}/judging/{submission}/score", "/hackathons/hush/judging/01900000-0000-7000-8000-000000000001/score", NONE, Hidden(ORGANIZER, 409)),
    ("POST", "/hackathons/{slug}/judging/{submission}/status", "/hackathons/hush/judging/01900000-0000-7000-8000-000000000001/status", &[("status", "skipped")], Hidden(ORGANIZER, 409)),
    ("POST", "/hackathons/{slug}/judging/{submission}/conflict", "/hackathons/hush/judging/01900000-0000-7000-8000-000000000001/conflict", &[("kind", "work")], Hidden(ORGANIZER, 409)),
    ("POST", "/hackathons/{slug}/judging/{submission}/compare", "/hackathons/hush/judging/01900000-0000-7000-8000-000000000001/compare", NONE, Hidden(ORGANIZER, 409)),
];
