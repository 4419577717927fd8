//! The places that backups are copied to.

mod program;
mod storage;

pub(crate) use program::run;
pub(crate) use storage::Storage;
