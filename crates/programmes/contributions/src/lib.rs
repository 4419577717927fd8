//! Contribution programmes: projects, their rules, what each pull request is worth and why.
//! Owns `projects`, `project_rules`, `project_maintainers`, `project_repositories`,
//! `contributions`. Knows kernel, platform, identity, notifications, recognition, github. Never changes what
//! GitHub states and never writes the ledger but through recognition.

pub mod access;
pub mod actions;
pub mod api;
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
    module::{Module, Personal, Table},
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
            Personal::None,
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
    pages: |_| recognition::pages::routes_of(&PROJECT_BOARDS),
    public_routes: &[
        "/api/v1/leaderboards/projects/{slug}",
        "/api/v1/leaderboards/projects/{slug}/ranks/{login}",
        "/leaderboards/projects/{slug}",
        "/leaderboards/projects/{slug}/board.csv",
    ],
    jobs: |services| Jobs {
        workers: jobs::workers(&services.post),
        schedules: jobs::schedules(),
    },
    news: emails::KINDS,
    email_samples: emails::samples,
    export: Some(|tx, person| Box::pin(reads::export(tx, person.into()))),
    erase: Some(|tx, _, _, person| {
        Box::pin(async move { Ok(actions::erase(tx, person.into()).await?) })
    }),
    ..Module::EMPTY
};
