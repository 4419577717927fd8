pub(crate) mod accounts;
mod tables;

pub use tables::migrations;
