//! Commands for badges and leaderboards.

mod badge;
mod leaderboard;

use platform::command::Command;

/// The commands of this module.
pub(crate) const COMMANDS: &[Command] =
    &[Command::of::<badge::Badge>(), Command::of::<leaderboard::Leaderboard>()];
