pub(crate) mod accounts;
pub(crate) mod emails;
pub(crate) mod sessions;
mod tables;

pub use tables::migrations;
