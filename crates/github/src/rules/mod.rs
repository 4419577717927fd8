//! Decisions: what a delivery is, what it states, and what many statements add up to.

pub mod body;
pub mod envelope;
pub mod fold;
pub mod gharchive;
mod instant;
pub mod payload;
