//! Commands of this module.

mod game_platform;
mod sync;

use platform::command::Command;

pub(crate) const COMMANDS: &[Command] = &[
    Command { part_of: Some("doctor"), ..Command::of::<game_platform::GamePlatform>() },
    Command { part_of: Some("sync"), ..Command::of::<sync::SyncCoach>() },
    Command { part_of: Some("sync"), is_in_all: true, ..Command::of::<sync::SyncGamePlatform>() },
];
