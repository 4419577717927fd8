//! Commands for badges and leaderboards.

mod backfill;
mod badge;
mod leaderboard;

use platform::command::Command;

/// The commands of this module.
pub(crate) const COMMANDS: &[Command] = &[
    Command::of::<badge::Badge>(),
    Command::of::<leaderboard::Leaderboard>(),
    Command { part_of: Some("backfill"), ..Command::of::<backfill::BackfillBadges>() },
];
