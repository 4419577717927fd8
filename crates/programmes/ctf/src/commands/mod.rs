//! Commands of this module.

mod game_platform;

use platform::command::Command;

pub(crate) const COMMANDS: &[Command] =
    &[Command { part_of: Some("doctor"), ..Command::of::<game_platform::GamePlatform>() }];
