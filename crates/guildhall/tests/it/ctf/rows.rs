//! Rows of the permission matrix.

use super::app::COACH;
use crate::auth::rows::{
    Access::{Admin, Hidden, Owner, SignedIn},
    Form, NONE, Row,
};

/// Valid settings of a roster.
const SETTINGS: Form =
    &[("name", "Owls"), ("school", "Harbor High"), ("school_year", "2026/27"), ("timezone", "UTC")];

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("GET", "/ctf", "/ctf", NONE, SignedIn(200)),
    ("GET", "/ctf/rosters/new", "/ctf/rosters/new", NONE, Owner(COACH, 200)),
    ("POST", "/ctf/rosters/new", "/ctf/rosters/new", SETTINGS, Owner(COACH, 303)),
    ("GET", "/ctf/rosters/{roster}", "/ctf/rosters/00000000-0000-7000-8000-000000000001", NONE, Hidden(COACH, 200)),
    ("GET", "/ctf/rosters/{roster}/dashboard.csv", "/ctf/rosters/00000000-0000-7000-8000-000000000001/dashboard.csv", NONE, Hidden(COACH, 200)),
    ("POST", "/ctf/rosters/{roster}/sync", "/ctf/rosters/00000000-0000-7000-8000-000000000001/sync", NONE, Hidden(COACH, 409)),
    ("POST", "/ctf/rosters/{roster}/retry", "/ctf/rosters/00000000-0000-7000-8000-000000000001/retry", NONE, Hidden(COACH, 409)),
    ("GET", "/ctf/rosters/{roster}/comparison", "/ctf/rosters/00000000-0000-7000-8000-000000000001/comparison", NONE, Hidden(COACH, 200)),
    ("POST", "/ctf/rosters/{roster}/comparison", "/ctf/rosters/00000000-0000-7000-8000-000000000001/comparison", &[("number", "10")], Hidden(COACH, 409)),
    ("GET", "/ctf/rosters/{roster}/events", "/ctf/rosters/00000000-0000-7000-8000-000000000001/events", NONE, Hidden(COACH, 200)),
    ("POST", "/ctf/rosters/{roster}/remind", "/ctf/rosters/00000000-0000-7000-8000-000000000001/remind", NONE, Hidden(COACH, 303)),
    // Admins in the rows are approved coaches too.
    ("POST", "/ctf/achievements", "/ctf/achievements", &[("notices", "weekly")], Owner(COACH, 303)),
    ("POST", "/api/internal/sync", "/api/internal/sync", NONE, Admin(409)),
    ("GET", "/admin/game-platform", "/admin/game-platform", NONE, Admin(200)),
    ("GET", "/admin/game-platform/reconciliation", "/admin/game-platform/reconciliation", NONE, Admin(200)),
    ("POST", "/admin/game-platform/reconciliation", "/admin/game-platform/reconciliation", NONE, Admin(409)),
    ("POST", "/admin/game-platform/sample", "/admin/game-platform/sample", &[("number", "10")], Admin(409)),
    ("POST", "/admin/game-platform/differences/{difference}/fix", "/admin/game-platform/differences/00000000-0000-7000-8000-000000000091/fix", NONE, Admin(409)),
    ("GET", "/admin/game-platform/differences/{difference}/message", "/admin/game-platform/differences/00000000-0000-7000-8000-000000000091/message", NONE, Admin(200)),
    ("GET", "/admin/game-platform/preflight", "/admin/game-platform/preflight", NONE, Admin(200)),
    ("POST", "/admin/game-platform/retry", "/admin/game-platform/retry", NONE, Admin(409)),
    ("POST", "/admin/game-platform/sync", "/admin/game-platform/sync", NONE, Admin(409)),
    ("GET", "/admin/game-platform/runs/{run}", "/admin/game-platform/runs/00000000-0000-7000-8000-000000000071", NONE, Admin(200)),
    ("GET", "/admin/game-platform/rollout", "/admin/game-platform/rollout", NONE, Admin(200)),
    ("POST", "/admin/game-platform/tickets", "/admin/game-platform/tickets", &[("month", "2026-10"), ("tickets", "3")], Admin(303)),
    ("POST", "/admin/game-platform/discrepancies/{discrepancy}/resolve", "/admin/game-platform/discrepancies/00000000-0000-7000-8000-000000000081/resolve", NONE, Admin(303)),
    ("POST", "/ctf/rosters/{roster}/rating", "/ctf/rosters/00000000-0000-7000-8000-000000000001/rating", &[("rating", "4")], Hidden(COACH, 303)),
    ("GET", "/ctf/rosters/{roster}/coaches", "/ctf/rosters/00000000-0000-7000-8000-000000000001/coaches", NONE, Hidden(COACH, 200)),
    ("POST", "/ctf/rosters/{roster}/coaches", "/ctf/rosters/00000000-0000-7000-8000-000000000001/coaches", &[("role", "assistant")], Hidden(COACH, 200)),
    // They have the role already.
    ("POST", "/ctf/rosters/{roster}/coaches/{coach}/role", "/ctf/rosters/00000000-0000-7000-8000-000000000001/coaches/00000000-0000-7000-8000-000000000021/role", &[("role", "coach")], Hidden(COACH, 303)),
    ("GET", "/ctf/rosters/{roster}/coaches/{coach}/remove", "/ctf/rosters/00000000-0000-7000-8000-000000000001/coaches/00000000-0000-7000-8000-000000000021/remove", NONE, Hidden(COACH, 200)),
    // They are the last coach.
    ("POST", "/ctf/rosters/{roster}/coaches/{coach}/remove", "/ctf/rosters/00000000-0000-7000-8000-000000000001/coaches/00000000-0000-7000-8000-000000000021/remove", NONE, Hidden(COACH, 409)),
    ("GET", "/ctf/rosters/{roster}/leave", "/ctf/rosters/00000000-0000-7000-8000-000000000003/leave", NONE, Hidden(COACH, 200)),
    ("POST", "/ctf/rosters/{roster}/leave", "/ctf/rosters/00000000-0000-7000-8000-000000000003/leave", NONE, Hidden(COACH, 303)),
    ("GET", "/ctf/rosters/{roster}/settings", "/ctf/rosters/00000000-0000-7000-8000-000000000001/settings", NONE, Hidden(COACH, 200)),
    ("POST", "/ctf/rosters/{roster}/settings", "/ctf/rosters/00000000-0000-7000-8000-000000000001/settings", SETTINGS, Hidden(COACH, 303)),
    ("POST", "/ctf/rosters/{roster}/join-link", "/ctf/rosters/00000000-0000-7000-8000-000000000001/join-link", NONE, Hidden(COACH, 200)),
    ("POST", "/ctf/rosters/{roster}/links/{link}/revoke", "/ctf/rosters/00000000-0000-7000-8000-000000000001/links/00000000-0000-7000-8000-000000000012/revoke", NONE, Hidden(COACH, 303)),
    ("GET", "/ctf/rosters/{roster}/archive", "/ctf/rosters/00000000-0000-7000-8000-000000000001/archive", NONE, Hidden(COACH, 200)),
    ("GET", "/ctf/rosters/{roster}/reopen", "/ctf/rosters/00000000-0000-7000-8000-000000000004/reopen", NONE, Hidden(COACH, 200)),
    // It is not archived.
    ("POST", "/ctf/rosters/{roster}/reopen", "/ctf/rosters/00000000-0000-7000-8000-000000000001/reopen", NONE, Hidden(COACH, 409)),
    // It is archived already.
    ("POST", "/ctf/rosters/{roster}/archive", "/ctf/rosters/00000000-0000-7000-8000-000000000004/archive", NONE, Hidden(COACH, 409)),
    ("GET", "/ctf/rosters/{roster}/new-year", "/ctf/rosters/00000000-0000-7000-8000-000000000001/new-year", NONE, Hidden(COACH, 200)),
    ("POST", "/ctf/rosters/{roster}/new-year", "/ctf/rosters/00000000-0000-7000-8000-000000000004/new-year", &[("name", "Owls"), ("school_year", "2027/28")], Hidden(COACH, 409)),
    ("GET", "/admin/ctf", "/admin/ctf", NONE, Admin(200)),
    ("POST", "/admin/ctf", "/admin/ctf", NONE, Admin(200)),
    ("POST", "/admin/ctf/coaches/{coach}/approve", "/admin/ctf/coaches/00000000-0000-7000-8000-000000000023/approve", NONE, Admin(303)),
    ("GET", "/admin/ctf/coaches/{coach}/suspend", "/admin/ctf/coaches/00000000-0000-7000-8000-000000000023/suspend", NONE, Admin(200)),
    ("POST", "/admin/ctf/coaches/{coach}/suspend", "/admin/ctf/coaches/00000000-0000-7000-8000-000000000023/suspend", NONE, Admin(303)),
    ("POST", "/admin/ctf/links/{link}/revoke", "/admin/ctf/links/00000000-0000-7000-8000-000000000013/revoke", NONE, Admin(303)),
    ("GET", "/ctf/links/{token}", "/ctf/links/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NONE, SignedIn(200)),
    // Everyone who opens the link becomes a competitor, so this row comes after those of competitors.
    ("POST", "/ctf/links/{token}", "/ctf/links/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", &[("first_name", "Ada"), ("last_name", "Quill")], SignedIn(303)),
];
