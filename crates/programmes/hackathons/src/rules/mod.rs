//! Decisions on hackathons, without I/O.

pub mod applications;
pub mod calendar;
pub mod details;
#[cfg(test)]
mod fuzz;
pub mod instants;
mod invalid;
pub mod staff;
pub mod teams;
pub mod timeline;
pub mod waitlist;

pub(crate) use invalid::invalid;
