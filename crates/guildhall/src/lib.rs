//! guildhall
pub mod commands;
