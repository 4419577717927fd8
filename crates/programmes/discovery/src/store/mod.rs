//! Tables of this module, and statements for its actions.

pub(crate) mod followed;
pub(crate) mod opportunities;
mod tables;

pub(crate) use tables::migrations;
