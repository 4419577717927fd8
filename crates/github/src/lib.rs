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

pub use store::{SEALED, migrations};
