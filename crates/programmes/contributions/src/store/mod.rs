pub(crate) mod contributions;
pub(crate) mod maintainers;
pub(crate) mod projects;
mod tables;
pub(crate) mod windows;

pub(crate) use tables::migrations;
