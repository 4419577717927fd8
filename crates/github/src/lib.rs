//! github
pub mod rules;
