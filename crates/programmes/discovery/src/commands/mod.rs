//! Commands of this module.

mod backfill;
mod evaluate;
mod follow;
mod import;
mod search;
mod status;

use std::process::ExitCode;

use platform::command::{Command, Program, Run};

/// The commands of this module.
pub(crate) const COMMANDS: &[Command] = &[
    Command::of::<Discovery>(),
    Command { part_of: Some("backfill"), ..Command::of::<backfill::BackfillOpportunities>() },
];

/// Manage the repositories whose open issues people can find, and measure the search
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "discovery")]
enum Discovery {
    /// Follow the open issues of repositories
    Follow(follow::Follow),
    /// Stop following the issues of repositories
    Unfollow(follow::Unfollow),
    /// Follow the repositories of lists
    Import(import::Import),
    /// Show how far the followed repositories are read
    Status(status::Status),
    /// Search the open issues
    Search(search::SearchFor),
    /// Measure the search with a judged set
    Evaluate(evaluate::Evaluate),
}

impl Run for Discovery {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        match self {
            Self::Follow(follow) => follow.run(program).await,
            Self::Unfollow(unfollow) => unfollow.run(program).await,
            Self::Import(import) => import.run(program).await,
            Self::Status(status) => status.run(program).await,
            Self::Search(search) => search.run(program).await,
            Self::Evaluate(evaluate) => evaluate.run(program).await,
        }
    }
}
