//! What GitHub states: the webhook inbox, repositories, pull requests and their history.
//! Owns `webhook_deliveries`, `repositories`, `pull_requests`, `pull_request_versions`,
//! `github_reviews`, `pushes`. Knows kernel, platform, identity, recognition. Never knows what a
//! pull request is worth.

pub mod actions;
pub mod api;
pub mod jobs;
pub mod model;
pub mod reads;
pub mod rules;
mod store;

use platform::{
    jobs::Jobs,
    module::{Module, Personal, Table},
};

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "github",
    tables: &[
        Table::new(
            "webhook_deliveries",
            "deliveries",
            Personal::None,
            "90 days for bodies",
        ),
        Table::new("repositories", "repositories", Personal::None, "forever"),
        Table::new(
            "pull_requests",
            "pull requests",
            Personal::Pseudonymous,
            "forever",
        ),
        Table::new(
            "pull_request_versions",
            "statements",
            Personal::Pseudonymous,
            "forever",
        ),
        Table::new(
            "github_reviews",
            "reviews",
            Personal::Pseudonymous,
            "forever",
        ),
        Table::new("pushes", "pushes", Personal::None, "forever"),
    ],
    migrations: store::migrations,
    api: api::inbox_routes,
    intake: |services| axum::Router::from(api::routes()).with_state(api::Webhook::of(services)),
    intake_description: || api::routes().into_openapi(),
    jobs: |services| Jobs {
        workers: jobs::workers(services.config.jobs()),
        schedules: jobs::schedules(services.config.delivery_retention_days),
    },
    sealed: &store::SEALED,
    export: Some(|tx, person| Box::pin(reads::export(tx, person.into()))),
    ..Module::EMPTY
};
