//! Tables of this module, and statements for its actions.

mod claim_tables;
pub(crate) mod claims;
pub(crate) mod embeddings;
pub(crate) mod followed;
pub(crate) mod model;
mod model_tables;
pub(crate) mod opportunities;
mod tables;

pub(crate) use tables::migrations;
