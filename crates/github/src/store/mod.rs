pub(crate) mod check_results;
pub(crate) mod closing;
mod code_tables;
pub(crate) mod deliveries;
pub(crate) mod files;
pub(crate) mod hook_tasks;
pub(crate) mod installations;
pub(crate) mod issue_syncs;
mod issue_tables;
pub(crate) mod issues;
pub(crate) mod member_checks;
mod merge_tables;
pub(crate) mod patches;
pub(crate) mod pulls;
pub(crate) mod pushes;
pub(crate) mod repositories;
pub(crate) mod reviews;
pub(crate) mod syncs;
mod tables;

use platform::crypto::SealedColumn;

pub(crate) use tables::migrations;

/// The secrets of repositories' own webhooks.
pub(crate) const SEALED: [SealedColumn; 2] = [
    SealedColumn {
        table: "repositories",
        column: "hook_secret",
        holds: "the webhook secrets of repositories",
        replaced: "set new ones with `guildhall repo secret`",
        lock: crate::actions::FACTS,
    },
    SealedColumn {
        table: "repositories",
        column: "previous_hook_secret",
        holds: "the previous webhook secrets of repositories",
        replaced: "nothing to do",
        lock: crate::actions::FACTS,
    },
];
