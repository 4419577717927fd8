//! The application: the list of modules and their composition, the command line, and the pages that join several
//! modules: the admin pages and the setup.
//! Owns no table. Depends on every module.

pub mod api;
mod app;
pub mod audit;
pub mod backup;
mod badge_notices;
pub mod commands;
mod current;
mod flags;
#[cfg(test)]
mod fuzz;
pub mod health;
mod lost_rights;
mod module;
mod modules;
pub mod pages;
pub mod privacy;
mod route_policy;
pub mod sample_data;
mod server_settings;
mod this_machine;

/// The version of the program, with the commit that it was built from, if known: `0.1.0+abc1234`.
pub const VERSION: &str = env!("GUILDHALL_VERSION");

/// The version with the day of its commit, if known: `0.1.0+abc1234 (2026-11-20)`.
pub const RELEASE: &str = env!("GUILDHALL_RELEASE");

pub use app::{ApiRoutes, App, Migrator};
pub use current::Current;
pub use module::MODULE;
pub use modules::{MODULES, PROGRAMMES};
