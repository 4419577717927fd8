pub(crate) mod contributions;
pub(crate) mod projects;
mod tables;
pub(crate) mod windows;

pub use tables::migrations;
