pub(crate) mod accounts;
pub(crate) mod bans;
pub(crate) mod emails;
pub(crate) mod sessions;
mod tables;

pub use tables::migrations;
