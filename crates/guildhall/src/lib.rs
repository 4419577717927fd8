//! The house as one program: composition of all rooms, the command line, and what needs several
//! rooms at once (home, people, pull requests, the ledger's check and dump, flags by login, what people take
//! and leave, what operators are alerted of).
//! Owns no table. Knows every room.

mod addresses;
pub mod alerts;
pub mod api;
pub mod audit;
pub mod commands;
pub mod composition;
mod doors;
mod flags;
pub mod health;
mod jobs;
pub mod keeping;
pub mod leaving;
pub mod ledger;
mod messages;
pub mod pages;
mod shelf;

pub use composition::{House, Migrator, SEALED};
pub use shelf::Shelf;
