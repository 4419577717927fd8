//! Commands of this module.

mod game_platform;

use platform::command::Command;

/// The commands of this module.
pub(crate) const COMMANDS: &[Command] =
    &[Command { part_of: Some("doctor"), ..Command::of::<game_platform::GamePlatform>() }];
