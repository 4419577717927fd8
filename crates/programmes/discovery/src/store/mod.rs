//! Tables of this module, and statements for its actions.

mod claim_tables;
pub(crate) mod claims;
pub(crate) mod digests;
pub(crate) mod embeddings;
pub(crate) mod feedback;
pub(crate) mod followed;
pub(crate) mod model;
mod model_tables;
pub(crate) mod opportunities;
mod person_tables;
pub(crate) mod preferences;
mod repository_tables;
pub(crate) mod searches;
mod tables;
mod watch_tables;
pub(crate) mod watches;

pub(crate) use tables::migrations;
