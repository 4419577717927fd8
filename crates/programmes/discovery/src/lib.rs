//! Discovery: open issues that are worth a person's time. Depends on platform.

mod commands;
mod model;
pub mod rules;
mod search;

use platform::module::Module;

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "discovery",
    commands: commands::COMMANDS,
    ..Module::EMPTY
};
