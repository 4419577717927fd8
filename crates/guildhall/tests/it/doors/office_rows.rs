//! Rows of the office's later rooms.

use super::rows::{Door::Admin, NONE, Row};

/// Method, route, an address of it, a form, and whom it lets in.
pub(super) const OFFICE: &[Row] = &[
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
