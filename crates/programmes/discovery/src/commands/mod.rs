//! Commands of this module.

mod evaluate;

use platform::command::{Command, Program, Run};
use std::process::ExitCode;

/// The commands of this module.
pub(crate) const COMMANDS: &[Command] = &[Command::of::<Discovery>()];

/// Measure how well issues are found
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "discovery")]
enum Discovery {
    /// Measure the search with a judged set
    Evaluate(evaluate::Evaluate),
}

impl Run for Discovery {
    async fn run(self, _: &dyn Program) -> anyhow::Result<ExitCode> {
        match self {
            Self::Evaluate(evaluate) => evaluate.run(),
        }
    }
}
