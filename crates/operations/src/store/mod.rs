pub(crate) mod active;
pub(crate) mod backups;
pub(crate) mod feedback;
pub(crate) mod privacy;
pub(crate) mod slow;
pub(crate) mod storage;
mod tables;

pub(crate) use tables::migrations;
