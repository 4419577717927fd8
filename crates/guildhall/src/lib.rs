//! The house as one program: composition of all rooms, the command line, and what needs several
//! rooms at once (home, people, pull requests, the ledger's check and dump, flags by login, what people take
//! and leave, what operators are alerted of).
//! Owns no table. Knows every room.

pub mod alerts;
pub mod api;
pub mod audit;
mod auth;
pub mod backup;
pub mod commands;
pub mod composition;
mod demo_mailbox;
mod flags;
pub mod health;
mod jobs;
pub mod ledger;
mod messages;
pub mod pages;
pub mod privacy;
mod route_policy;

pub use composition::{App, Migrator, SEALED};
pub use demo_mailbox::DemoMailbox;
