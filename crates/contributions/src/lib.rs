//! contributions
pub mod rules;
