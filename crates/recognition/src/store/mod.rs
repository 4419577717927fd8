pub(crate) mod boards;
pub(crate) mod derived;
pub(crate) mod hidden;
mod keys;
pub(crate) mod ledger;
mod tables;
pub(crate) mod totals;

pub(crate) use tables::migrations;
