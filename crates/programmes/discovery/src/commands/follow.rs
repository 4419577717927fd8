use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context as _, ensure};
use kernel::counted;
use platform::command::{Program, remark, say};

use crate::{actions, rules::names};

/// Arguments of the command.
#[derive(Clone, Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  guildhall discovery follow octo-org/lantern\n  guildhall discovery follow --file repositories.txt\n\nThe list has a name or an address a line; what follows a # is a comment. The server finds the repositories at GitHub\nand reads their open issues: GITHUB_API_TOKEN is needed."
)]
pub(super) struct Follow {
    /// Names of repositories, or their addresses
    #[arg(value_name = "OWNER/NAME")]
    names: Vec<String>,
    /// Read the names from this file
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Follow {
    /// Runs the command.
    pub(super) async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let mut wanted: Vec<String> = self.names.iter().map(|name| names::name(name)).collect();
        if let Some(path) = &self.file {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            wanted.extend(names::listed(&text));
        }
        ensure!(
            !wanted.is_empty(),
            "name a repository, or a list with --file"
        );
        let context = program.open().await?.context;
        let mut tx = context.begin().await?;
        let followed = actions::follow(&mut tx, &context, wanted).await?;
        tx.commit().await?;
        context.db.close().await;
        let requested = counted(followed.requested, "repository", "repositories");
        say(format_args!(
            "{requested} to find and read, {} followed before",
            followed.known
        ));
        for name in &followed.invalid {
            remark(format_args!(
                "not a name of a repository: {name}; write OWNER/NAME"
            ));
        }
        Ok(match followed.invalid.is_empty() {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        })
    }
}

/// Arguments of the command.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Example:\n  guildhall discovery unfollow octo-org/lantern")]
pub(super) struct Unfollow {
    /// Names of repositories, or their addresses
    #[arg(value_name = "OWNER/NAME", required = true)]
    names: Vec<String>,
}

impl Unfollow {
    /// Runs the command.
    pub(super) async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let wanted: Vec<String> = self.names.iter().map(|name| names::name(name)).collect();
        let context = program.open().await?.context;
        let mut tx = context.begin().await?;
        let ended = actions::unfollow(&mut tx, &context, &wanted).await?;
        tx.commit().await?;
        context.db.close().await;
        let ended_words = counted(ended as u64, "repository", "repositories");
        say(format_args!("{ended_words} no longer followed"));
        Ok(match ended {
            0 => ExitCode::FAILURE,
            _ => ExitCode::SUCCESS,
        })
    }
}
