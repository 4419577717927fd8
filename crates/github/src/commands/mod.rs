//! Commands for deliveries.

mod deliveries;

use platform::command::Command;

/// The commands of this module.
pub(crate) const COMMANDS: &[Command] = &[Command::of::<deliveries::Deliveries>()];
