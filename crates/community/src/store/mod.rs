mod tables;
pub(crate) mod texts;

pub(crate) use tables::migrations;
