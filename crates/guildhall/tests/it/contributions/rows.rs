//! Rows of the permission matrix.

use super::app::MAINTAINER;
use crate::auth::rows::{
    Access::{Admin, Open, Owner, SignedIn},
    Form, NONE, Row,
};

/// A review of a pull request whose reviews are closed.
const COMMENT: Form = &[("action", "COMMENTED"), ("public_comment", "Late.")];

/// A transfer to a person who does not maintain the project. The page takes the person from its path.
const TRANSFER: Form = &[("login", "other"), ("reason", "to try")];

/// A repository that is paused.
pub(super) const PAUSED: Form = &[("state", "paused")];

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("GET", "/api/v1/pull-requests/{owner}/{repository}/{number}/reviews", "/api/v1/pull-requests/octo-org/lantern/1/reviews", NONE, Open(200)),
    ("GET", "/api/v1/pull-requests/{owner}/{repository}/{number}/reviews/internal", "/api/v1/pull-requests/octo-org/lantern/1/reviews/internal", NONE, Owner(MAINTAINER, 200)),
    ("POST", "/api/v1/pull-requests/{owner}/{repository}/{number}/reviews", "/api/v1/pull-requests/octo-org/lantern/1/reviews", COMMENT, Owner(MAINTAINER, 409)),
    ("POST", "/pull-requests/{owner}/{repository}/{number}/reviews", "/pull-requests/octo-org/lantern/1/reviews", COMMENT, Owner(MAINTAINER, 409)),
    ("GET", "/api/v1/projects/{slug}/reviews", "/api/v1/projects/season/reviews", NONE, Owner(MAINTAINER, 200)),
    ("GET", "/projects/{slug}/reviews", "/projects/season/reviews", NONE, Owner(MAINTAINER, 200)),
    ("GET", "/api/v1/reviews", "/api/v1/reviews", NONE, SignedIn(200)),
    ("GET", "/reviews", "/reviews", NONE, SignedIn(200)),
    ("GET", "/api/v1/people/{login}/pull-requests", "/api/v1/people/subject/pull-requests", NONE, Open(200)),
    ("GET", "/api/v1/pull-requests/{owner}/{repository}/{number}", "/api/v1/pull-requests/octo-org/lantern/1", NONE, Open(200)),
    ("GET", "/api/v1/projects", "/api/v1/projects", NONE, Open(200)),
    ("POST", "/api/v1/projects", "/api/v1/projects", &[("name", "Other")], Admin(201)),
    ("GET", "/api/v1/projects/{slug}", "/api/v1/projects/season", NONE, Open(200)),
    ("GET", "/api/v1/projects/{slug}/rules", "/api/v1/projects/season/rules", NONE, Open(200)),
    ("GET", "/projects", "/projects", NONE, Open(200)),
    ("GET", "/projects/new", "/projects/new", NONE, Admin(200)),
    ("POST", "/projects/new", "/projects/new", &[("name", "Other")], Admin(303)),
    ("GET", "/projects/{slug}", "/projects/season", NONE, Open(200)),
    ("GET", "/pull-requests/{owner}/{repository}/{number}", "/pull-requests/octo-org/lantern/1", NONE, Open(200)),
    ("GET", "/projects/{slug}/rules", "/projects/season/rules", NONE, Open(200)),
    ("GET", "/projects/{slug}/feed.atom", "/projects/season/feed.atom", NONE, Open(200)),
    ("GET", "/projects/{slug}/pull-requests.csv", "/projects/season/pull-requests.csv", NONE, Open(200)),
    ("GET", "/people/{login}/contributions.csv", "/people/subject/contributions.csv", NONE, Open(200)),
    ("GET", "/people/{login}/skills.csv", "/people/subject/skills.csv", NONE, Open(200)),
    ("GET", "/people/{login}/pull-requests.csv", "/people/subject/pull-requests.csv", NONE, Open(200)),
    ("GET", "/pull-requests/{owner}/{repository}/{number}/ledger.csv", "/pull-requests/octo-org/lantern/1/ledger.csv", NONE, Open(200)),
    ("GET", "/projects/{slug}/claims", "/projects/season/claims", NONE, Owner(MAINTAINER, 200)),
    ("GET", "/projects/{slug}/maintainers", "/projects/season/maintainers", NONE, Owner(MAINTAINER, 200)),
    ("POST", "/projects/{slug}/maintainers", "/projects/season/maintainers", &[("login", "subject")], Owner(MAINTAINER, 303)),
    ("GET", "/projects/{slug}/maintainers/{login}/remove", "/projects/season/maintainers/maintainer-m/remove", NONE, Owner(MAINTAINER, 200)),
    ("POST", "/projects/{slug}/maintainers/{login}/remove", "/projects/season/maintainers/other/remove", NONE, Owner(MAINTAINER, 409)),
    ("GET", "/projects/{slug}/maintainers/{login}/transfer", "/projects/elsewhere/maintainers/other/transfer", NONE, Owner(MAINTAINER, 409)),
    ("POST", "/projects/{slug}/maintainers/{login}/transfer", "/projects/elsewhere/maintainers/other/transfer", TRANSFER, Owner(MAINTAINER, 409)),
    ("PUT", "/api/v1/projects/{slug}/owner", "/api/v1/projects/elsewhere/owner", TRANSFER, Owner(MAINTAINER, 409)),
    ("GET", "/api/v1/projects/{slug}/maintainers", "/api/v1/projects/season/maintainers", NONE, Owner(MAINTAINER, 200)),
    ("PUT", "/api/v1/projects/{slug}/maintainers/{login}", "/api/v1/projects/season/maintainers/subject", NONE, Owner(MAINTAINER, 204)),
    ("DELETE", "/api/v1/projects/{slug}/maintainers/{login}", "/api/v1/projects/season/maintainers/other", NONE, Owner(MAINTAINER, 409)),
    ("GET", "/projects/{slug}/repositories", "/projects/season/repositories", NONE, Owner(MAINTAINER, 200)),
    ("GET", "/projects/{slug}/repositories/events", "/projects/season/repositories/events", NONE, Owner(MAINTAINER, 200)),
    ("POST", "/projects/{slug}/repositories", "/projects/season/repositories", &[("github_id", "404")], Owner(MAINTAINER, 409)),
    ("GET", "/projects/{slug}/repositories/new", "/projects/season/repositories/new", NONE, Owner(MAINTAINER, 200)),
    ("POST", "/projects/{slug}/repositories/named", "/projects/season/repositories/named", &[("address", "lantern")], Admin(422)),
    ("POST", "/projects/{slug}/repositories/settings", "/projects/season/repositories/settings", NONE, Owner(MAINTAINER, 303)),
    ("POST", "/api/v1/projects/{slug}/repositories", "/api/v1/projects/season/repositories", &[("github_id", "404")], Owner(MAINTAINER, 409)),
    ("GET", "/api/v1/projects/{slug}/available-repositories", "/api/v1/projects/season/available-repositories", NONE, Owner(MAINTAINER, 409)),
    ("GET", "/api/v1/projects/{slug}/repository-settings", "/api/v1/projects/season/repository-settings", NONE, Owner(MAINTAINER, 200)),
    ("PUT", "/api/v1/projects/{slug}/repository-settings", "/api/v1/projects/season/repository-settings", &[("forks", "true"), ("private", "false")], Owner(MAINTAINER, 204)),
    ("GET", "/projects/{slug}/repositories/{github_id}/remove", "/projects/season/repositories/1/remove", NONE, Admin(200)),
    ("POST", "/projects/{slug}/repositories/{github_id}/remove", "/projects/season/repositories/404/remove", NONE, Admin(404)),
    ("POST", "/projects/{slug}/repositories/{github_id}/pause", "/projects/season/repositories/404/pause", NONE, Owner(MAINTAINER, 404)),
    ("POST", "/projects/{slug}/repositories/{github_id}/archive", "/projects/season/repositories/404/archive", NONE, Owner(MAINTAINER, 404)),
    ("POST", "/projects/{slug}/repositories/{github_id}/resume", "/projects/season/repositories/404/resume", NONE, Owner(MAINTAINER, 404)),
    ("PATCH", "/api/v1/projects/{slug}/repositories/{github_id}", "/api/v1/projects/season/repositories/404", PAUSED, Owner(MAINTAINER, 404)),
    ("POST", "/projects/{slug}/repositories/{github_id}/sync", "/projects/season/repositories/404/sync", NONE, Owner(MAINTAINER, 404)),
    ("POST", "/projects/{slug}/repositories/{github_id}/webhook", "/projects/season/repositories/404/webhook", NONE, Owner(MAINTAINER, 404)),
    ("POST", "/api/v1/projects/{slug}/repositories/{github_id}/sync", "/api/v1/projects/season/repositories/404/sync", NONE, Owner(MAINTAINER, 404)),
    ("GET", "/api/v1/projects/{slug}/repositories", "/api/v1/projects/season/repositories", NONE, Owner(MAINTAINER, 200)),
    ("DELETE", "/api/v1/projects/{slug}/repositories/{github_id}", "/api/v1/projects/season/repositories/404", NONE, Admin(404)),
    ("GET", "/projects/{slug}/edit", "/projects/season/edit", NONE, Owner(MAINTAINER, 200)),
    ("POST", "/projects/{slug}/edit", "/projects/season/edit", &[("name", "season"), ("tags", "rust")], Owner(MAINTAINER, 303)),
    ("GET", "/projects/{slug}/archive", "/projects/elsewhere/archive", NONE, Owner(MAINTAINER, 200)),
    ("POST", "/projects/{slug}/archive", "/projects/elsewhere/archive", NONE, Owner(MAINTAINER, 303)),
    ("POST", "/projects/{slug}/unarchive", "/projects/elsewhere/unarchive", NONE, Owner(MAINTAINER, 303)),
    ("GET", "/projects/{slug}/rules/edit", "/projects/season/rules/edit", NONE, Owner(MAINTAINER, 200)),
    ("POST", "/projects/{slug}/rules/edit", "/projects/season/rules/edit", &[("json", "{}")], Owner(MAINTAINER, 200)),
    ("POST", "/projects/{slug}/rules/publish", "/projects/season/rules/publish", &[("based_on", "1"), ("document", "{}")], Owner(MAINTAINER, 409)),
    ("POST", "/api/v1/projects/{slug}/rules", "/api/v1/projects/season/rules", &[("based_on", "1"), ("document", "{}")], Owner(MAINTAINER, 409)),
    ("POST", "/api/v1/projects/{slug}/rules/preview", "/api/v1/projects/season/rules/preview", &[("document", "{}")], Owner(MAINTAINER, 200)),
    ("GET", "/api/v1/schemas/rules", "/api/v1/schemas/rules", NONE, Open(200)),
    ("PATCH", "/api/v1/projects/{slug}", "/api/v1/projects/season", &[("description", "Light.")], Owner(MAINTAINER, 200)),
];
