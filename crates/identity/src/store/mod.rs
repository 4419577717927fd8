pub(crate) mod accounts;
pub(crate) mod bans;
pub(crate) mod emails;
pub(crate) mod families;
pub(crate) mod github_tokens;
pub(crate) mod identities;
pub(crate) mod merges;
pub(crate) mod people;
pub(crate) mod privacy;
pub(crate) mod sessions;
pub(crate) mod sign_in_links;
mod tables;
pub(crate) mod tokens;

use platform::crypto::SealedColumn;

pub(crate) use tables::migrations;

/// The tokens of people at GitHub.
pub(crate) const SEALED: [SealedColumn; 1] = [SealedColumn {
    table: "github_tokens",
    column: "token_secret",
    holds: "the tokens of people at GitHub",
    lock: github_tokens::LOCK,
}];
