//! Discovery: open issues that are worth a person's time. Depends on kernel,
//! platform and github.

pub mod actions;
mod commands;
pub mod jobs;
mod model;
pub mod reads;
pub mod rules;
mod search;
mod store;

use platform::{
    jobs::Jobs,
    module::{Module, Personal, Table},
};

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "discovery",
    commands: commands::COMMANDS,
    tables: &[
        Table::new(
            "followed_repositories",
            "followed repositories",
            Personal::None,
            "forever",
        ),
        Table::new(
            "repository_health",
            "followed repositories",
            Personal::None,
            "forever",
        ),
        Table::new("opportunities", "issues", Personal::None, "forever"),
    ],
    migrations: store::migrations,
    jobs: |services| Jobs {
        workers: jobs::workers(services),
        schedules: jobs::schedules(),
    },
    ..Module::EMPTY
};
