//! Decisions: the envelope of a delivery, its statements, and the result of all statements.

pub mod account;
pub mod alternatives;
pub mod app_token;
pub mod arrival;
pub mod bio;
pub mod body;
pub mod checks;
pub mod closing;
pub mod code;
pub mod envelope;
pub mod events;
pub(crate) mod failures;
pub mod fold;
#[cfg(test)]
mod fuzz;
pub mod gharchive;
pub mod installation;
pub mod instant;
pub mod issues;
pub mod manifest;
pub mod merge;
pub mod names;
pub mod own_repository;
pub mod payload;
pub mod queried;
pub mod quota;
pub(crate) mod review;
pub mod search;
pub(crate) mod silence;
