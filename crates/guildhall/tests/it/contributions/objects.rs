//! Objects of the routes in the permission matrix.

use super::rows::PAUSED;
use crate::{
    app::scenarios::{Scenario, person, repo},
    auth::{
        objects::{Make, ObjectRow},
        rows::{Form, NONE},
    },
};

/// Another maintainer of the project.
const COLLEAGUE: Make = |app, _| {
    Box::pin(async move {
        app.browser_of("colleague").await;
        app.add_maintainer("season", "colleague").await;
        vec!["season".to_owned(), "colleague".to_owned()]
    })
};

/// Another repository of the project.
const REPOSITORY: Make = |app, _| {
    Box::pin(async move {
        let sql = "SELECT 1000 + count(*) FROM repositories";
        let id = app.count(sql).await;
        app.repository("season", &format!("octo-org/other-{id}"), id).await;
        vec!["season".to_owned(), id.to_string()]
    })
};

/// Another repository of the project, which is not being read from GitHub.
const READ_REPOSITORY: Make = |app, owner| {
    Box::pin(async move {
        let made = REPOSITORY(app, owner).await;
        app.work().await;
        made
    })
};

/// A project of the person, with the first version of its rules.
const PROJECT: Make = |app, owner| {
    Box::pin(async move {
        let count = app.count("SELECT count(*) FROM projects").await;
        let slug = format!("fresh-{count}");
        app.project(&slug).await;
        app.add_maintainer(&slug, owner).await;
        vec![slug]
    })
};

/// A project that the person owns, and another maintainer of it.
const OWNED: Make = |app, owner| {
    Box::pin(async move {
        let count = app.count("SELECT count(*) FROM projects").await;
        let slug = format!("owned-{count}");
        app.project(&slug).await;
        app.know_reviewer(&slug, "colleague").await;
        app.make_owner(&slug, owner).await;
        vec![slug, "colleague".to_owned()]
    })
};

/// A project that the person owns.
const OWN: Make = |app, owner| {
    Box::pin(async move {
        let mut made = OWNED(app, owner).await;
        made.truncate(1);
        made
    })
};

/// An open pull request of the project.
const PULL: Make = |app, _| {
    Box::pin(async move {
        let sql = "SELECT 100 + count(*) FROM pull_requests";
        let number = app.count(sql).await;
        let (repo, author) = (repo(1, "lantern"), person("subject"));
        let scenario = Scenario::opened(&repo, number, &author, "2026-10-30T08:00:00Z");
        app.deliver_all(&[&scenario]).await;
        ["octo-org", "lantern", &number.to_string()].map(str::to_owned).into()
    })
};

const REVIEW: Form = &[("action", "STARTED_REVIEW")];

/// Rules to publish in it.
const RULES: Form = &[("based_on", "1"), ("document", r#"{"merged": 60}"#)];

/// The other maintainer as the new owner.
const TO_COLLEAGUE: Form = &[("login", "colleague")];

pub(super) const OBJECTS: &[ObjectRow] = &[
    ("GET", "/projects/{slug}/maintainers/{login}/transfer", OWNED, NONE, 200),
    ("POST", "/projects/{slug}/maintainers/{login}/transfer", OWNED, NONE, 303),
    ("PUT", "/api/v1/projects/{slug}/owner", OWNED, TO_COLLEAGUE, 204),
    ("POST", "/pull-requests/{owner}/{repository}/{number}/reviews", PULL, REVIEW, 303),
    ("POST", "/api/v1/pull-requests/{owner}/{repository}/{number}/reviews", PULL, REVIEW, 200),
    ("POST", "/projects/{slug}/repositories/{github_id}/sync", READ_REPOSITORY, NONE, 303),
    ("POST", "/projects/{slug}/repositories/{github_id}/webhook", REPOSITORY, NONE, 409),
    ("POST", "/api/v1/projects/{slug}/repositories/{github_id}/sync", READ_REPOSITORY, NONE, 202),
    ("POST", "/projects/{slug}/repositories/{github_id}/pause", REPOSITORY, NONE, 303),
    ("POST", "/projects/{slug}/repositories/{github_id}/archive", REPOSITORY, NONE, 303),
    ("POST", "/projects/{slug}/repositories/{github_id}/resume", REPOSITORY, NONE, 303),
    ("PATCH", "/api/v1/projects/{slug}/repositories/{github_id}", REPOSITORY, PAUSED, 200),
    ("GET", "/projects/{slug}/archive", OWN, NONE, 200),
    ("POST", "/projects/{slug}/archive", OWN, NONE, 303),
    ("POST", "/projects/{slug}/unarchive", OWN, NONE, 303),
    ("POST", "/projects/{slug}/rules/publish", PROJECT, RULES, 303),
    ("POST", "/api/v1/projects/{slug}/rules", PROJECT, RULES, 201),
    ("POST", "/projects/{slug}/repositories/{github_id}/remove", REPOSITORY, NONE, 303),
    ("DELETE", "/api/v1/projects/{slug}/repositories/{github_id}", REPOSITORY, NONE, 204),
    ("POST", "/projects/{slug}/maintainers/{login}/remove", COLLEAGUE, NONE, 303),
    ("DELETE", "/api/v1/projects/{slug}/maintainers/{login}", COLLEAGUE, NONE, 204),
];
