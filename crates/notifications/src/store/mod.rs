pub(crate) mod chosen;
pub(crate) mod news;
mod tables;

pub use tables::migrations;
