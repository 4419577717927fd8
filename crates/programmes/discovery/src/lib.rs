//! Discovery: open issues that are worth a person's time. Depends on kernel,
//! platform, ui, identity and github.

mod access;
pub mod actions;
mod api;
mod commands;
mod demo;
pub mod jobs;
mod model;
mod pages;
pub mod reads;
pub mod rules;
mod search;
mod store;

use platform::{
    jobs::Jobs,
    module::{ApiTag, Module, NavItem, Personal, Place, ProblemCode, Table},
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
    demo: Some(demo::DEMO),
    migrations: store::migrations,
    jobs: |services| Jobs {
        workers: jobs::workers(services),
        schedules: jobs::schedules(),
    },
    api: api::routes,
    api_tags: &[ApiTag {
        name: "Discovery",
        description: "Open issues that are worth a person's time.",
    }],
    pages: |_| pages::routes(),
    provide: |services, provided| {
        provided.insert(search::Catalog::of(services));
    },
    public_routes: &[
        "/discover",
        "/discover/{id}",
        "/api/v1/opportunities",
        "/api/v1/opportunities/{id}",
    ],
    navigation: &[NavItem::new(Place::Main, 22, "Discover", "/discover")],
    guides: &[
        platform::guide!(
            "first-issue",
            "Find your first issue",
            "How to find an open issue that you can do, and what its numbers mean."
        ),
        platform::guide!(
            "be-found",
            "Be found",
            "How maintainers make their issues easy to find and to choose."
        ),
    ],
    problems: &[ProblemCode::new(
        "SEARCH_NOT_READY",
        "the search index is being built",
        "Try again in a few seconds.",
    )],
    ..Module::EMPTY
};
