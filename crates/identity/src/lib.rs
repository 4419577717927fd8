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

pub use store::migrations;
