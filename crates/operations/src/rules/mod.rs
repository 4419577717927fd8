//! Rules of the module, without I/O.

pub(crate) mod backups;
