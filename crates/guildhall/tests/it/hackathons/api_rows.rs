//! Rows of the permission matrix for the API.

use super::app::ORGANIZER;
use crate::auth::rows::{
    Access::{Admin, Hidden, Open, Owner, SignedIn},
    Form, NONE, Row,
};

/// Valid details of a hackathon, for the API.
const EVENT: Form = &[
    ("title", "Low Tide"),
    ("application_opens_at", "2026-10-12T18:00:00Z"),
    ("application_closes_at", "2026-11-06T18:00:00Z"),
    ("submission_opens_at", "2026-11-14T09:00:00Z"),
    ("submission_closes_at", "2026-11-22T18:00:00Z"),
];

/// The rows. People take part in `low-tide` between those that apply and withdraw; `hush` is private.
#[rustfmt::skip]
pub(super) const API_ROWS: &[Row] = &[
    ("GET", "/api/hackathons/{id}/calendar.ics", "/api/hackathons/01900000-0000-7000-8000-000000000000/calendar.ics", NONE, Open(404)),
    ("GET", "/api/v1/hackathons", "/api/v1/hackathons", NONE, Open(200)),
    ("POST", "/api/v1/hackathons", "/api/v1/hackathons", EVENT, Owner(ORGANIZER, 201)),
    ("GET", "/api/v1/hackathons/{slug}", "/api/v1/hackathons/low-tide", NONE, Open(200)),
    ("PATCH", "/api/v1/hackathons/{slug}", "/api/v1/hackathons/hush", &[("capacity", "5")], Hidden(ORGANIZER, 200)),
    ("POST", "/api/v1/hackathons/{slug}/invitation", "/api/v1/hackathons/hush/invitation", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/api/v1/hackathons/{slug}/publish", "/api/v1/hackathons/hush/publish", NONE, Hidden(ORGANIZER, 409)),
    ("POST", "/api/v1/hackathons/{slug}/cancel", "/api/v1/hackathons/hush/cancel", &[("reason", "")], Hidden(ORGANIZER, 422)),
    ("GET", "/api/v1/hackathons/{slug}/results", "/api/v1/hackathons/hush/results", NONE, Hidden(ORGANIZER, 200)),
    ("DELETE", "/api/v1/hackathons/{slug}/results", "/api/v1/hackathons/hush/results", NONE, Hidden(ORGANIZER, 409)),
    ("POST", "/api/v1/hackathons/{slug}/results/now", "/api/v1/hackathons/hush/results/now", NONE, Hidden(ORGANIZER, 409)),
    ("POST", "/api/v1/hackathons/{slug}/results", "/api/v1/hackathons/hush/results", &[("results", "Gannet wins.")], Hidden(ORGANIZER, 409)),
    ("POST", "/api/v1/hackathons/{slug}/archive", "/api/v1/hackathons/hush/archive", NONE, Hidden(ORGANIZER, 409)),
    ("GET", "/api/v1/hackathons/{slug}/staff", "/api/v1/hackathons/low-tide/staff", NONE, Open(200)),
    ("PUT", "/api/v1/hackathons/{slug}/staff/{login}", "/api/v1/hackathons/hush/staff/hack-mentor", &[("role", "mentor")], Hidden(ORGANIZER, 204)),
    ("DELETE", "/api/v1/hackathons/{slug}/staff/{login}", "/api/v1/hackathons/hush/staff/hack-mentor", NONE, Hidden(ORGANIZER, 204)),
    ("GET", "/api/v1/hackathons/{slug}/applications", "/api/v1/hackathons/hush/applications", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/api/v1/hackathons/{slug}/decisions", "/api/v1/hackathons/hush/decisions", &[("decision", "approve"), ("applications", "[]")], Hidden(ORGANIZER, 422)),
    ("GET", "/api/v1/hackathons/{slug}/teams", "/api/v1/hackathons/hush/teams", NONE, Hidden(ORGANIZER, 200)),
    ("PUT", "/api/v1/me/hackathons/{slug}/application", "/api/v1/me/hackathons/low-tide/application", &[("conduct_version", "1")], SignedIn(200)),
    ("GET", "/api/v1/me/hackathons/{slug}/application", "/api/v1/me/hackathons/low-tide/application", NONE, SignedIn(200)),
    ("GET", "/api/v1/me/hackathons/{slug}/recommendations", "/api/v1/me/hackathons/low-tide/recommendations", NONE, SignedIn(200)),
    ("DELETE", "/api/v1/me/hackathons/{slug}/application", "/api/v1/me/hackathons/low-tide/application", NONE, SignedIn(204)),
    ("GET", "/api/v1/me/hackathons/{slug}/team", "/api/v1/me/hackathons/hush/team", NONE, Hidden(ORGANIZER, 404)),
    ("POST", "/api/v1/me/hackathons/{slug}/team", "/api/v1/me/hackathons/hush/team", &[("name", "")], Hidden(ORGANIZER, 422)),
    ("PATCH", "/api/v1/me/hackathons/{slug}/team", "/api/v1/me/hackathons/hush/team", NONE, Hidden(ORGANIZER, 404)),
    ("DELETE", "/api/v1/me/hackathons/{slug}/team", "/api/v1/me/hackathons/hush/team", NONE, Hidden(ORGANIZER, 404)),
    ("PUT", "/api/v1/me/hackathons/{slug}/team/members/{login}", "/api/v1/me/hackathons/hush/team/members/person", &[("role", "member")], Hidden(ORGANIZER, 404)),
    ("DELETE", "/api/v1/me/hackathons/{slug}/team/members/{login}", "/api/v1/me/hackathons/hush/team/members/person", NONE, Hidden(ORGANIZER, 404)),
    ("POST", "/api/v1/me/teams", "/api/v1/me/teams", &[("code", "K7WM4RXT")], SignedIn(404)),
    ("PUT", "/api/v1/admin/hackathons/{slug}/points", "/api/v1/admin/hackathons/hush/points", NONE, Admin(200)),
    ("GET", "/api/v1/admin/hackathon-hosts", "/api/v1/admin/hackathon-hosts", NONE, Admin(200)),
    ("PUT", "/api/v1/admin/hackathon-hosts/{login}", "/api/v1/admin/hackathon-hosts/hack-mentor", NONE, Admin(204)),
    ("DELETE", "/api/v1/admin/hackathon-hosts/{login}", "/api/v1/admin/hackathon-hosts/hack-mentor", NONE, Admin(204)),
    ("GET", "/api/v1/me/hackathons/{slug}/invitations", "/api/v1/me/hackathons/hush/invitations", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/api/v1/me/hackathons/{slug}/invitations/{team}/accept", "/api/v1/me/hackathons/hush/invitations/gannet/accept", NONE, Hidden(ORGANIZER, 404)),
    ("POST", "/api/v1/me/hackathons/{slug}/invitations/{team}/decline", "/api/v1/me/hackathons/hush/invitations/gannet/decline", NONE, Hidden(ORGANIZER, 404)),
    ("PUT", "/api/v1/me/hackathons/{slug}/team/invitations/{login}", "/api/v1/me/hackathons/hush/team/invitations/person", NONE, Hidden(ORGANIZER, 404)),
    ("DELETE", "/api/v1/me/hackathons/{slug}/team/invitations/{login}", "/api/v1/me/hackathons/hush/team/invitations/person", NONE, Hidden(ORGANIZER, 404)),
    ("GET", "/api/v1/hackathons/{slug}/judging", "/api/v1/hackathons/low-tide/judging", NONE, Open(200)),
    ("PUT", "/api/v1/hackathons/{slug}/judging", "/api/v1/hackathons/hush/judging", &[("mode", "lottery"), ("looks", "3"), ("minutes_per_look", "5"), ("minutes", "120")], Hidden(ORGANIZER, 422)),
    ("GET", "/api/v1/hackathons/{slug}/judging/coverage", "/api/v1/hackathons/hush/judging/coverage", NONE, Hidden(ORGANIZER, 200)),
    ("GET", "/api/v1/hackathons/{slug}/judging/results", "/api/v1/hackathons/low-tide/judging/results", NONE, Open(200)),
    ("GET", "/api/v1/hackathons/{slug}/judging/rounds", "/api/v1/hackathons/hush/judging/rounds", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/api/v1/hackathons/{slug}/judging/rounds", "/api/v1/hackathons/hush/judging/rounds", &[("round", "1"), ("carried", "1")], Hidden(ORGANIZER, 409)),
    ("GET", "/api/v1/hackathons/{slug}/judging/decisions", "/api/v1/hackathons/hush/judging/decisions", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/api/v1/hackathons/{slug}/judging/decisions", "/api/v1/hackathons/hush/judging/decisions", &[("projects", "[]"), ("reason", "The jury voted.")], Hidden(ORGANIZER, 409)),
    ("GET", "/api/v1/me/hackathons/{slug}/judging", "/api/v1/me/hackathons/hush/judging", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/api/v1/me/hackathons/{slug}/judging", "/api/v1/me/hackathons/hush/judging", NONE, Hidden(ORGANIZER, 409)),
    ("PUT", "/api/v1/me/hackathons/{slug}/judging/{submission}/score", "/api/v1/me/hackathons/hush/judging/01900000-0000-7000-8000-000000000001/score", NONE, Hidden(ORGANIZER, 409)),
    ("PUT", "/api/v1/me/hackathons/{slug}/judging/{submission}/status", "/api/v1/me/hackathons/hush/judging/01900000-0000-7000-8000-000000000001/status", &[("status", "skipped")], Hidden(ORGANIZER, 409)),
    ("PUT", "/api/v1/me/hackathons/{slug}/judging/{submission}/conflict", "/api/v1/me/hackathons/hush/judging/01900000-0000-7000-8000-000000000001/conflict", &[("kind", "work")], Hidden(ORGANIZER, 409)),
    ("POST", "/api/v1/me/hackathons/{slug}/judging/{submission}/comparisons", "/api/v1/me/hackathons/hush/judging/01900000-0000-7000-8000-000000000001/comparisons", NONE, Hidden(ORGANIZER, 409)),
];
