//! Rows of the office's later rooms.

use super::rows::{Door::Admin, NONE, Row};

/// Method, route, an address of it, a form, and whom it lets in.
pub(super) const OFFICE: &[Row] = &[
    // Flags.
    ("GET", "/admin/flags", "/admin/flags", NONE, Admin(200)),
    (
        "POST",
        "/admin/flags/{name}",
        "/admin/flags/nothing",
        &[
            ("enabled", "on"),
            ("rollout_percent", "100"),
            ("reason", "to try"),
        ],
        Admin(404),
    ),
    (
        "GET",
        "/api/v1/admin/flags",
        "/api/v1/admin/flags",
        NONE,
        Admin(200),
    ),
    (
        "GET",
        "/api/v1/admin/flags/{name}",
        "/api/v1/admin/flags/live_updates",
        NONE,
        Admin(200),
    ),
    (
        "PATCH",
        "/api/v1/admin/flags/{name}",
        "/api/v1/admin/flags/live_updates",
        &[("reason", "to try")],
        Admin(200),
    ),
    // The audit log.
    ("GET", "/admin/audit", "/admin/audit", NONE, Admin(200)),
    (
        "GET",
        "/admin/audit/log.csv",
        "/admin/audit/log.csv",
        NONE,
        Admin(200),
    ),
    (
        "GET",
        "/admin/audit/log.jsonl",
        "/admin/audit/log.jsonl",
        NONE,
        Admin(200),
    ),
    (
        "GET",
        "/api/v1/admin/audit",
        "/api/v1/admin/audit",
        NONE,
        Admin(200),
    ),
];
