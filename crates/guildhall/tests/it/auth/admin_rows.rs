//! Rows of the admin routes.

use super::rows::{
    Access::{Admin, Moderator},
    NONE, Row,
};

/// Method, route, an address of it, a form, and its access.
#[rustfmt::skip]
pub(super) const ADMIN_ROWS: &[Row] = &[
    ("GET", "/admin", "/admin", NONE, Moderator(303)),
    ("GET", "/admin/overview", "/admin/overview", NONE, Admin(200)),
    // Pictures.
    ("GET", "/admin/pictures", "/admin/pictures", NONE, Moderator(200)),
    ("POST", "/admin/pictures/{id}/remove", "/admin/pictures/0198a000-0000-7000-8000-000000000000/remove", &[("reason", "to try")], Moderator(422)),
    ("POST", "/admin/pictures/{id}/keep", "/admin/pictures/0198a000-0000-7000-8000-000000000000/keep", &[("reason", "to try")], Moderator(422)),
    // Flags.
    ("GET", "/admin/flags", "/admin/flags", NONE, Admin(200)),
    ("POST", "/admin/flags/{name}", "/admin/flags/nothing", &[("enabled", "on"), ("rollout_percent", "100"), ("reason", "to try")], Admin(404)),
    ("GET", "/api/v1/admin/flags", "/api/v1/admin/flags", NONE, Admin(200)),
    ("GET", "/api/v1/admin/flags/{name}", "/api/v1/admin/flags/live_updates", NONE, Admin(200)),
    ("PATCH", "/api/v1/admin/flags/{name}", "/api/v1/admin/flags/live_updates", &[("reason", "to try")], Admin(200)),
    // The outbox, and alerts.
    ("GET", "/admin/notifications", "/admin/notifications", NONE, Admin(200)),
    ("GET", "/admin/notifications/messages.csv", "/admin/notifications/messages.csv", NONE, Admin(200)),
    ("GET", "/admin/notifications/alerts.csv", "/admin/notifications/alerts.csv", NONE, Admin(200)),
    ("POST", "/admin/notifications/{id}/retry", "/admin/notifications/0198a000-0000-7000-8000-000000000000/retry", NONE, Admin(409)),
    ("POST", "/admin/notifications/{id}/send", "/admin/notifications/0198a000-0000-7000-8000-000000000000/send", NONE, Admin(409)),
    ("POST", "/admin/notifications/send", "/admin/notifications/send", NONE, Admin(409)),
    ("POST", "/admin/notifications/test-alert", "/admin/notifications/test-alert", NONE, Admin(303)),
    ("POST", "/admin/notifications/test-email", "/admin/notifications/test-email", NONE, Admin(303)),
    ("GET", "/api/v1/admin/notifications", "/api/v1/admin/notifications", NONE, Admin(200)),
    ("GET", "/api/v1/admin/notifications/channels", "/api/v1/admin/notifications/channels", NONE, Admin(200)),
    ("POST", "/api/v1/admin/notifications/{id}/retry", "/api/v1/admin/notifications/0198a000-0000-7000-8000-000000000000/retry", NONE, Admin(409)),
    ("GET", "/api/v1/admin/alerts", "/api/v1/admin/alerts", NONE, Admin(200)),
    // The audit log.
    ("GET", "/admin/audit", "/admin/audit", NONE, Admin(200)),
    ("GET", "/admin/audit/log.csv", "/admin/audit/log.csv", NONE, Admin(200)),
    ("GET", "/admin/audit/log.jsonl", "/admin/audit/log.jsonl", NONE, Admin(200)),
    ("GET", "/api/v1/admin/audit", "/api/v1/admin/audit", NONE, Admin(200)),
    // The server.
    ("GET", "/admin/health", "/admin/health", NONE, Admin(200)),
    ("GET", "/admin/settings", "/admin/settings", NONE, Admin(200)),
    ("GET", "/api/v1/admin/health", "/api/v1/admin/health", NONE, Admin(200)),
    ("GET", "/api/v1/admin/settings", "/api/v1/admin/settings", NONE, Admin(200)),
    ("GET", "/admin/backups", "/admin/backups", NONE, Admin(200)),
    ("POST", "/admin/backups", "/admin/backups", NONE, Admin(303)),
    // Jobs.
    ("GET", "/admin/jobs", "/admin/jobs", NONE, Admin(200)),
    ("GET", "/admin/jobs/{name}", "/admin/jobs/SessionRetention", NONE, Admin(200)),
    ("POST", "/admin/jobs/{name}/run", "/admin/jobs/nothing/run", NONE, Admin(404)),
    ("POST", "/first-steps/hide", "/first-steps/hide", NONE, Admin(303)),
    ("POST", "/admin/jobs/{name}/pause", "/admin/jobs/nothing/pause", &[("reason", "to try")], Admin(404)),
    ("POST", "/admin/jobs/{name}/resume", "/admin/jobs/SessionRetention/resume", NONE, Admin(303)),
    ("POST", "/admin/jobs/{name}/retry-dead", "/admin/jobs/SessionRetention/retry-dead", NONE, Admin(303)),
    ("GET", "/api/v1/admin/jobs", "/api/v1/admin/jobs", NONE, Admin(200)),
    ("GET", "/api/v1/admin/jobs/{name}", "/api/v1/admin/jobs/SessionRetention", NONE, Admin(200)),
    ("POST", "/api/v1/admin/jobs/{name}/runs", "/api/v1/admin/jobs/SessionRetention/runs", NONE, Admin(202)),
    ("PUT", "/api/v1/admin/jobs/{name}/pause", "/api/v1/admin/jobs/nothing/pause", &[("reason", "to try")], Admin(404)),
    ("DELETE", "/api/v1/admin/jobs/{name}/pause", "/api/v1/admin/jobs/SessionRetention/pause", NONE, Admin(204)),
    ("POST", "/api/v1/admin/jobs/{name}/retry-dead", "/api/v1/admin/jobs/SessionRetention/retry-dead", NONE, Admin(202)),
];
