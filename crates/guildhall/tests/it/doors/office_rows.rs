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
    // The house.
    ("GET", "/admin/health", "/admin/health", NONE, Admin(200)),
    (
        "GET",
        "/admin/settings",
        "/admin/settings",
        NONE,
        Admin(200),
    ),
    (
        "GET",
        "/api/v1/admin/health",
        "/api/v1/admin/health",
        NONE,
        Admin(200),
    ),
    (
        "GET",
        "/api/v1/admin/settings",
        "/api/v1/admin/settings",
        NONE,
        Admin(200),
    ),
    // Jobs.
    ("GET", "/admin/jobs", "/admin/jobs", NONE, Admin(200)),
    (
        "GET",
        "/admin/jobs/{name}",
        "/admin/jobs/SessionRetention",
        NONE,
        Admin(200),
    ),
    (
        "POST",
        "/admin/jobs/{name}/run",
        "/admin/jobs/nothing/run",
        NONE,
        Admin(404),
    ),
    (
        "POST",
        "/admin/jobs/{name}/pause",
        "/admin/jobs/nothing/pause",
        &[("reason", "to try")],
        Admin(404),
    ),
    (
        "POST",
        "/admin/jobs/{name}/resume",
        "/admin/jobs/SessionRetention/resume",
        NONE,
        Admin(303),
    ),
    (
        "POST",
        "/admin/jobs/{name}/retry-dead",
        "/admin/jobs/SessionRetention/retry-dead",
        NONE,
        Admin(303),
    ),
    (
        "GET",
        "/api/v1/admin/jobs",
        "/api/v1/admin/jobs",
        NONE,
        Admin(200),
    ),
    (
        "GET",
        "/api/v1/admin/jobs/{name}",
        "/api/v1/admin/jobs/SessionRetention",
        NONE,
        Admin(200),
    ),
    (
        "POST",
        "/api/v1/admin/jobs/{name}/runs",
        "/api/v1/admin/jobs/SessionRetention/runs",
        NONE,
        Admin(202),
    ),
    (
        "PUT",
        "/api/v1/admin/jobs/{name}/pause",
        "/api/v1/admin/jobs/nothing/pause",
        &[("reason", "to try")],
        Admin(404),
    ),
    (
        "DELETE",
        "/api/v1/admin/jobs/{name}/pause",
        "/api/v1/admin/jobs/SessionRetention/pause",
        NONE,
        Admin(204),
    ),
    (
        "POST",
        "/api/v1/admin/jobs/{name}/retry-dead",
        "/api/v1/admin/jobs/SessionRetention/retry-dead",
        NONE,
        Admin(202),
    ),
];
