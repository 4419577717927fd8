//! Tables of this module, and statements for its actions.

mod claim_tables;
pub(crate) mod claims;
pub(crate) mod followed;
pub(crate) mod opportunities;
mod repository_tables;
pub(crate) mod searches;
mod tables;
mod watch_tables;
pub(crate) mod watches;

pub(crate) use tables::migrations;
