pub(crate) mod chosen;
pub(crate) mod news;
pub(crate) mod phones;
pub(crate) mod privacy;
mod tables;

pub(crate) use tables::migrations;
