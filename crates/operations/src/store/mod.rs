pub(crate) mod backups;
mod tables;

pub(crate) use tables::migrations;
