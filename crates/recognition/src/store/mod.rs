pub(crate) mod boards;
pub(crate) mod derived;
pub(crate) mod ledger;
mod tables;

pub use tables::migrations;
