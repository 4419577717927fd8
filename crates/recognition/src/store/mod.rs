pub(crate) mod awards;
pub(crate) mod badges;
pub(crate) mod boards;
pub(crate) mod credential_keys;
pub(crate) mod derived;
pub(crate) mod evaluations;
pub(crate) mod feeds;
pub(crate) mod finals;
pub(crate) mod hidden;
mod keys;
pub(crate) mod ledger;
pub(crate) mod ranks;
pub(crate) mod sources;
mod tables;
pub(crate) mod totals;

pub(crate) use credential_keys::SEALED;
pub(crate) use tables::migrations;
