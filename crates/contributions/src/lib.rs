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
pub mod reads;
pub mod rules;
mod store;

pub use store::migrations;
