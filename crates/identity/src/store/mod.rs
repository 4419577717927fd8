pub(crate) mod accounts;
pub(crate) mod bans;
pub(crate) mod emails;
pub(crate) mod families;
pub(crate) mod github_tokens;
pub(crate) mod identities;
pub(crate) mod invitations;
pub(crate) mod merges;
pub(crate) mod people;
pub(crate) mod privacy;
pub(crate) mod profiles;
pub(crate) mod second_factors;
pub(crate) mod sessions;
pub(crate) mod setup_codes;
pub(crate) mod sign_in_links;
mod tables;
mod token_tables;
pub(crate) mod tokens;

use platform::crypto::SealedColumn;

pub(crate) use tables::migrations;

/// The tokens of people on GitHub, and the secrets of their second factors.
pub(crate) const SEALED: [SealedColumn; 2] = [
    SealedColumn {
        table: "github_tokens",
        column: "token_secret",
        holds: "the tokens of people on GitHub",
        replaced: "people connect GitHub again at /settings/identities",
        lock: github_tokens::LOCK,
    },
    SealedColumn {
        table: "second_factors",
        column: "totp_secret",
        holds: "the second factors of people",
        replaced: "reset each with `guildhall user reset-second-factor LOGIN`",
        lock: second_factors::LOCK,
    },
];
