//! People: accounts, the identities they come from, their roles.
//! Owns `users`, `user_identities`, `user_logins`. Knows kernel and platform. Never knows why a person earned points.

pub mod actions;
pub mod model;
pub mod reads;
mod store;

pub use store::migrations;
