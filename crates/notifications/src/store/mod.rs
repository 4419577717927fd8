pub(crate) mod chosen;
pub(crate) mod news;
mod tables;

pub(crate) use tables::migrations;
