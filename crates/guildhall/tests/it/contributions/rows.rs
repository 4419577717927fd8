//! Rows of the permission matrix.

use super::app::MAINTAINER;
use crate::auth::{
    objects::{Make, ObjectRow},
    rows::{
        Access::{Admin, Open, Owner},
        Form, NONE, Row,
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
        app.repository("season", &format!("octo-org/other-{id}"), id)
            .await;
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

/// Rules to publish in it.
const RULES: Form = &[("based_on", "1"), ("document", r#"{"merged": 60}"#)];

pub(super) const OBJECTS: &[ObjectRow] = &[
    (
        "POST",
        "/projects/{slug}/repositories/{github_id}/sync",
        READ_REPOSITORY,
        NONE,
        303,
    ),
    (
        "POST",
        "/api/v1/projects/{slug}/repositories/{github_id}/sync",
        READ_REPOSITORY,
        NONE,
        202,
    ),
    (
        "POST",
        "/projects/{slug}/rules/publish",
        PROJECT,
        RULES,
        303,
    ),
    ("POST", "/api/v1/projects/{slug}/rules", PROJECT, RULES, 201),
    (
        "POST",
        "/projects/{slug}/repositories/{github_id}/remove",
        REPOSITORY,
        NONE,
        303,
    ),
    (
        "DELETE",
        "/api/v1/projects/{slug}/repositories/{github_id}",
        REPOSITORY,
        NONE,
        204,
    ),
    (
        "POST",
        "/projects/{slug}/maintainers/{login}/remove",
        COLLEAGUE,
        NONE,
        303,
    ),
    (
        "DELETE",
        "/api/v1/projects/{slug}/maintainers/{login}",
        COLLEAGUE,
        NONE,
        204,
    ),
];

pub(super) const ROWS: &[Row] = &[
    (
        "GET",
        "/api/v1/people/{login}/pull-requests",
        "/api/v1/people/subject/pull-requests",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/pull-requests/{owner}/{repository}/{number}",
        "/api/v1/pull-requests/octo-org/lantern/1",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/projects",
        "/api/v1/projects",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/projects/{slug}",
        "/api/v1/projects/season",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/projects/{slug}/rules",
        "/api/v1/projects/season/rules",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/leaderboards/projects/{slug}",
        "/api/v1/leaderboards/projects/season",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/leaderboards/projects/{slug}/ranks/{login}",
        "/api/v1/leaderboards/projects/season/ranks/subject",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/leaderboards/projects/{slug}/months/{month}",
        "/api/v1/leaderboards/projects/season/months/2026-10",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/leaderboards/projects/{slug}/months/{month}/ranks/{login}",
        "/api/v1/leaderboards/projects/season/months/2026-10/ranks/subject",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/leaderboards/projects/{slug}/months",
        "/leaderboards/projects/season/months",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/leaderboards/projects/{slug}/months/{month}",
        "/leaderboards/projects/season/months/2026-10",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/leaderboards/projects/{slug}/months/{month}/board.csv",
        "/leaderboards/projects/season/months/2026-10/board.csv",
        NONE,
        Open(200),
    ),
    ("GET", "/projects", "/projects", NONE, Open(200)),
    (
        "GET",
        "/projects/{slug}",
        "/projects/season",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/leaderboards/projects/{slug}",
        "/leaderboards/projects/season",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/pull-requests/{owner}/{repository}/{number}",
        "/pull-requests/octo-org/lantern/1",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/projects/{slug}/rules",
        "/projects/season/rules",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/projects/{slug}/feed.atom",
        "/projects/season/feed.atom",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/projects/{slug}/pull-requests.csv",
        "/projects/season/pull-requests.csv",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/people/{login}/pull-requests.csv",
        "/people/subject/pull-requests.csv",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/pull-requests/{owner}/{repository}/{number}/ledger.csv",
        "/pull-requests/octo-org/lantern/1/ledger.csv",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/leaderboards/projects/{slug}/board.csv",
        "/leaderboards/projects/season/board.csv",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/projects/{slug}/maintainers",
        "/projects/season/maintainers",
        NONE,
        Owner(MAINTAINER, 200),
    ),
    (
        "POST",
        "/projects/{slug}/maintainers",
        "/projects/season/maintainers",
        &[("login", "subject")],
        Owner(MAINTAINER, 303),
    ),
    (
        "GET",
        "/projects/{slug}/maintainers/{login}/remove",
        "/projects/season/maintainers/maintainer-m/remove",
        NONE,
        Owner(MAINTAINER, 200),
    ),
    (
        "POST",
        "/projects/{slug}/maintainers/{login}/remove",
        "/projects/season/maintainers/other/remove",
        NONE,
        Owner(MAINTAINER, 409),
    ),
    (
        "GET",
        "/api/v1/projects/{slug}/maintainers",
        "/api/v1/projects/season/maintainers",
        NONE,
        Owner(MAINTAINER, 200),
    ),
    (
        "PUT",
        "/api/v1/projects/{slug}/maintainers/{login}",
        "/api/v1/projects/season/maintainers/subject",
        NONE,
        Owner(MAINTAINER, 204),
    ),
    (
        "DELETE",
        "/api/v1/projects/{slug}/maintainers/{login}",
        "/api/v1/projects/season/maintainers/other",
        NONE,
        Owner(MAINTAINER, 409),
    ),
    (
        "GET",
        "/projects/{slug}/repositories",
        "/projects/season/repositories",
        NONE,
        Owner(MAINTAINER, 200),
    ),
    (
        "GET",
        "/projects/{slug}/repositories/{github_id}/remove",
        "/projects/season/repositories/1/remove",
        NONE,
        Admin(200),
    ),
    (
        "POST",
        "/projects/{slug}/repositories/{github_id}/remove",
        "/projects/season/repositories/404/remove",
        NONE,
        Admin(404),
    ),
    (
        "POST",
        "/projects/{slug}/repositories/{github_id}/sync",
        "/projects/season/repositories/404/sync",
        NONE,
        Owner(MAINTAINER, 404),
    ),
    (
        "POST",
        "/api/v1/projects/{slug}/repositories/{github_id}/sync",
        "/api/v1/projects/season/repositories/404/sync",
        NONE,
        Owner(MAINTAINER, 404),
    ),
    (
        "GET",
        "/api/v1/projects/{slug}/repositories",
        "/api/v1/projects/season/repositories",
        NONE,
        Owner(MAINTAINER, 200),
    ),
    (
        "DELETE",
        "/api/v1/projects/{slug}/repositories/{github_id}",
        "/api/v1/projects/season/repositories/404",
        NONE,
        Admin(404),
    ),
    (
        "GET",
        "/projects/{slug}/edit",
        "/projects/season/edit",
        NONE,
        Owner(MAINTAINER, 200),
    ),
    (
        "POST",
        "/projects/{slug}/edit",
        "/projects/season/edit",
        &[("name", "season")],
        Owner(MAINTAINER, 303),
    ),
    (
        "GET",
        "/projects/{slug}/archive",
        "/projects/season/archive",
        NONE,
        Admin(200),
    ),
    (
        "POST",
        "/projects/{slug}/archive",
        "/projects/season/archive",
        NONE,
        Admin(303),
    ),
    (
        "POST",
        "/projects/{slug}/unarchive",
        "/projects/season/unarchive",
        NONE,
        Admin(303),
    ),
    (
        "GET",
        "/projects/{slug}/rules/edit",
        "/projects/season/rules/edit",
        NONE,
        Owner(MAINTAINER, 200),
    ),
    (
        "POST",
        "/projects/{slug}/rules/edit",
        "/projects/season/rules/edit",
        &[("json", "{}")],
        Owner(MAINTAINER, 200),
    ),
    (
        "POST",
        "/projects/{slug}/rules/publish",
        "/projects/season/rules/publish",
        &[("based_on", "1"), ("document", "{}")],
        Owner(MAINTAINER, 409),
    ),
    (
        "POST",
        "/api/v1/projects/{slug}/rules",
        "/api/v1/projects/season/rules",
        &[("based_on", "1"), ("document", "{}")],
        Owner(MAINTAINER, 409),
    ),
    (
        "POST",
        "/api/v1/projects/{slug}/rules/preview",
        "/api/v1/projects/season/rules/preview",
        &[("document", "{}")],
        Owner(MAINTAINER, 200),
    ),
    (
        "GET",
        "/api/v1/schemas/rules",
        "/api/v1/schemas/rules",
        NONE,
        Open(200),
    ),
    (
        "PATCH",
        "/api/v1/projects/{slug}",
        "/api/v1/projects/season",
        &[("description", "Light.")],
        Owner(MAINTAINER, 200),
    ),
];
