//! Tables of this module, and statements for its actions.

mod claim_tables;
pub(crate) mod claims;
pub(crate) mod digests;
pub(crate) mod feedback;
pub(crate) mod followed;
pub(crate) mod opportunities;
mod person_tables;
pub(crate) mod preferences;
mod tables;

pub(crate) use tables::migrations;
