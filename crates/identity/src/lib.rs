//! People: accounts, the identities they come from, their roles, and the sessions in which they are
//! signed in, or that act for them. Owns `users`, `user_identities`, `user_logins`, `user_emails`, `sessions`, `sign_in_links`, `refresh_tokens`, `api_tokens`, `bans`, `account_exports`. Knows kernel and
//! platform. Never knows why a person earned points.

pub mod access;
pub mod actions;
pub mod api;
pub mod emails;
pub mod gateway;
pub mod jobs;
pub mod model;
pub mod reads;
pub mod rules;
mod store;

use platform::{
    flags::Outgoing as _,
    jobs::Jobs,
    module::{Module, Personal, Table},
};

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "identity",
    tables: &[
        Table::new("users", "people", Personal::Pseudonymous, "forever"),
        Table::new(
            "user_identities",
            "sign-in methods",
            Personal::Pseudonymous,
            "forever",
        ),
        Table::new("user_logins", "logins", Personal::Erased, "forever"),
        Table::new(
            "user_emails",
            "addresses",
            Personal::Erased,
            "30 days when never verified",
        ),
        Table::new(
            "sessions",
            "sign-ins",
            Personal::Erased,
            "30 days after they end",
        ),
        Table::new("sign_in_links", "links", Personal::Erased, "an hour"),
        Table::new(
            "refresh_tokens",
            "sign-ins of apps",
            Personal::Erased,
            "30 days after they end",
        ),
        Table::new(
            "api_tokens",
            "tokens",
            Personal::Erased,
            "30 days after they end",
        ),
        Table::new("bans", "bans", Personal::Erased, "forever"),
        Table::new("account_exports", "exports", Personal::Erased, "7 days"),
    ],
    migrations: store::migrations,
    api: api::routes,
    jobs: |services| Jobs {
        workers: jobs::workers(&services.post),
        schedules: jobs::schedules(),
    },
    flags: &[gateway::GithubSignIn::FLAG, gateway::OpenIdSignIn::FLAG],
    email_samples: emails::samples,
    export: Some(|tx, person| Box::pin(reads::export(tx, person.into()))),
    erase: Some(|tx, context, actor, person| {
        Box::pin(actions::erase(tx, context, actor, person.into()))
    }),
    ..Module::EMPTY
};
