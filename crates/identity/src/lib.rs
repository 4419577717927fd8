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

use platform::{flags::Outgoing as _, jobs::Jobs, module::Module};

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "identity",
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
