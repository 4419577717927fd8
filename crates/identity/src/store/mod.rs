pub(crate) mod accounts;
pub(crate) mod bans;
pub(crate) mod emails;
pub(crate) mod families;
pub(crate) mod identities;
pub(crate) mod merges;
pub(crate) mod people;
pub(crate) mod privacy;
pub(crate) mod sessions;
pub(crate) mod sign_in_links;
mod tables;
pub(crate) mod tokens;

pub(crate) use tables::migrations;
