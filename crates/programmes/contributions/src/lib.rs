//! Contribution programmes: projects, their rules, the points of pull requests and their explanations. Owns
//! `projects`, `project_rules`, `project_maintainers`, `project_repositories` and `contributions`. Depends
//! on kernel, platform, ui, identity, notifications, recognition and github, and on testkit for the demo.
//! Never changes the data from GitHub, and writes the ledger only through recognition.

pub mod access;
pub mod actions;
pub mod api;
mod commands;
mod demo;
pub mod emails;
pub mod jobs;
pub mod model;
pub mod pages;
mod programme;
pub mod reads;
pub mod rules;
mod store;

use platform::{
    jobs::Jobs,
    module::{
        AlertRule, ApiLink, ApiTag, AuditKind, Module, NavItem, Personal, Place, ProblemCode, Table,
    },
};

pub use programme::{Contributions, PROJECT_BOARDS};

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "contributions",
    tables: &[
        Table::new("projects", "projects", Personal::None, "forever"),
        Table::new(
            "project_rules",
            "versions of rules",
            Personal::Pseudonymous,
            "forever",
        ),
        Table::new(
            "project_maintainers",
            "maintainers",
            Personal::Erased,
            "forever",
        ),
        Table::new(
            "project_repositories",
            "repositories",
            Personal::None,
            "forever",
        ),
        Table::new(
            "contributions",
            "pull requests",
            Personal::Pseudonymous,
            "forever",
        ),
    ],
    migrations: store::migrations,
    api: api::routes,
    api_tags: &[
        ApiTag {
            name: "Pull requests",
            description: "Pull requests, with explanations of their points.",
        },
        ApiTag {
            name: "Projects",
            description: "Projects, their repositories and their rules.",
        },
    ],
    api_links: &[
        ApiLink::new(
            "list_leaderboard",
            "list_person_pull_requests",
            "login",
            "/items/0/login",
        ),
        ApiLink::new("list_projects", "get_project", "slug", "/items/0/slug"),
        ApiLink::new(
            "list_projects",
            "list_project_leaderboard",
            "slug",
            "/items/0/slug",
        ),
        ApiLink::new(
            "list_projects",
            "list_project_rules",
            "slug",
            "/items/0/slug",
        ),
    ],
    pages: |_| pages::routes().merge(recognition::pages::routes_of(&PROJECT_BOARDS)),
    navigation: &[
        NavItem::new(Place::Main, 30, "Projects", "/projects"),
        NavItem::new(Place::Footer, 10, "Rules of each project", "/projects"),
    ],
    panels: pages::PANELS,
    commands: commands::COMMANDS,
    demo: Some(demo::DEMO),
    audit: &[
        AuditKind::new("project.add_maintainer", "project"),
        AuditKind::new("project.archive", "project"),
        AuditKind::new("project.create", "project"),
        AuditKind::new("project.edit", "project"),
        AuditKind::new("project.publish_rules", "project"),
        AuditKind::new("project.remove_maintainer", "project"),
        AuditKind::new("project.unarchive", "project"),
        AuditKind::new("repository.add", "repository"),
        AuditKind::new("repository.remove", "repository"),
        AuditKind::new("repository.sync", "repository"),
    ],
    problems: &[
        ProblemCode::new(
            "BAD_PROJECT_NAME",
            "the project's name is empty or longer than 100 characters",
            "Use a name of 1 to 100 characters.",
        ),
        ProblemCode::new(
            "BAD_RULES",
            "the rules document is not valid",
            "Correct every field that `errors` lists.",
        ),
        ProblemCode::new(
            "LAST_MAINTAINER",
            "the project would have no maintainer left",
            "Add another maintainer first.",
        ),
        ProblemCode::new(
            "SYNC_IN_PROGRESS",
            "the repository is already being read from GitHub",
            "Wait until it is complete; the list of repositories shows the progress.",
        ),
        ProblemCode::new(
            "MAINTAINER_REQUIRED",
            "only the project's maintainers can do this",
            "Ask a maintainer of the project.",
        ),
        ProblemCode::new(
            "NOT_A_MAINTAINER",
            "the person does not maintain the project",
            "Use the login of a current maintainer.",
        ),
        ProblemCode::new(
            "PROJECT_ARCHIVED",
            "the project is archived, so new rules would score nothing",
            "Ask an admin to unarchive the project.",
        ),
        ProblemCode::new(
            "PROJECT_TEXT_TOO_LONG",
            "the project's description, a tag or the difficulty is too long, or there are too many tags",
            "Shorten what the response names.",
        ),
        ProblemCode::new(
            "RULES_OUTDATED",
            "another version of the rules was published meanwhile",
            "Read the changes, and edit the current version.",
        ),
        ProblemCode::new(
            "RULES_UNCHANGED",
            "the rules equal the current version",
            "Change a rule first.",
        ),
        ProblemCode::new(
            "UNSEEN_CHARACTER",
            "a text contains an invisible character",
            "Remove control characters, line breaks and text direction marks.",
        ),
    ],
    public_routes: &[
        "/api/v1/people/{login}/pull-requests",
        "/api/v1/projects",
        "/api/v1/projects/{slug}",
        "/api/v1/projects/{slug}/rules",
        "/api/v1/pull-requests/{owner}/{repository}/{number}",
        "/api/v1/schemas/rules",
        "/projects",
        "/projects/{slug}",
        "/projects/{slug}/feed.atom",
        "/projects/{slug}/rules",
        "/pull-requests/{owner}/{repository}/{number}",
        "/pull-requests/{owner}/{repository}/{number}/ledger.csv",
        "/api/v1/leaderboards/projects/{slug}",
        "/api/v1/leaderboards/projects/{slug}/months/{month}",
        "/api/v1/leaderboards/projects/{slug}/months/{month}/ranks/{login}",
        "/api/v1/leaderboards/projects/{slug}/ranks/{login}",
        "/leaderboards/projects/{slug}",
        "/leaderboards/projects/{slug}/board.csv",
        "/leaderboards/projects/{slug}/months",
        "/leaderboards/projects/{slug}/months/{month}",
        "/leaderboards/projects/{slug}/months/{month}/board.csv",
    ],
    jobs: |services| Jobs {
        workers: jobs::workers(&services.post),
        schedules: [jobs::schedules(), demo::failures::schedules(services)].concat(),
    },
    alerts: &[AlertRule {
        kind: actions::SETTLEMENT,
        look: Some(|services| {
            Box::pin(async move {
                let found = actions::watch_settlement(&services.context).await?;
                Ok(found.into_iter().collect())
            })
        }),
        covers: &[],
    }],
    news: emails::KINDS,
    email_samples: emails::samples,
    export: Some(|tx, person| Box::pin(reads::export(tx, person.into()))),
    erase: Some(|tx, _, _, person| {
        Box::pin(async move { Ok(actions::erase(tx, person.into()).await?) })
    }),
    ..Module::EMPTY
};
