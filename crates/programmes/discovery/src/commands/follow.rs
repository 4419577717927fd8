use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context as _, ensure};
use kernel::counted;
use platform::command::{Program, remark, say};

use crate::{
    actions,
    rules::{names, watches::issue_query},
};

/// Arguments of the command.
#[derive(Clone, Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  guildhall discovery follow octo-org/lantern\n  guildhall discovery follow --file repositories.txt\n  guildhall discovery follow --search 'label:\"good first issue\" language:rust'\n\nThe list has a name or an address a line; what follows a # is a comment. The server finds the repositories on GitHub\nand reads their open issues: GITHUB_API_TOKEN is needed."
)]
pub(super) struct Follow {
    /// Names of repositories, or their addresses
    #[arg(value_name = "OWNER/NAME")]
    names: Vec<String>,
    /// Read the names from this file
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Follow the repositories of the open issues that this search on GitHub finds, at most 100
    #[arg(long, value_name = "QUERY", conflicts_with_all = ["names", "file"])]
    search: Option<String>,
}

impl Follow {
    /// Runs the command.
    pub(super) async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        if let Some(query) = &self.search {
            return follow_search(query, program).await;
        }
        let mut wanted: Vec<String> = self.names.iter().map(|name| names::name(name)).collect();
        if let Some(path) = &self.file {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            wanted.extend(names::listed(&text));
        }
        ensure!(
            !wanted.is_empty(),
            "name a repository, a list with --file, or a search with --search"
        );
        let context = program.open().await?.context;
        let mut tx = context.begin().await?;
        let followed = actions::follow(&mut tx, &context, wanted).await?;
        tx.commit().await?;
        context.db.close().await;
        let requested = counted(followed.requested, "repository", "repositories");
        say(format_args!("{requested} to find and read, {} followed before", followed.known));
        for name in &followed.invalid {
            remark(format_args!("not a name of a repository: {name}; write OWNER/NAME"));
        }
        Ok(if followed.invalid.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

async fn follow_search(query: &str, program: &dyn Program) -> anyhow::Result<ExitCode> {
    let query = issue_query(query).map_err(anyhow::Error::msg)?;
    let context = program.open().await?.context;
    let mut tx = context.begin().await?;
    let is_new = actions::follow_search(&mut tx, &context, &query).await?;
    tx.commit().await?;
    context.db.close().await;
    if is_new {
        say("1 search to send, and to repeat twice a day");
    } else {
        say("The search is followed already");
    }
    Ok(ExitCode::SUCCESS)
}

/// Arguments of the command.
#[derive(Clone, Debug, clap::Args)]
#[command(
    after_help = "Example:\n  guildhall discovery unfollow octo-org/lantern\n\nRepositories that a person watches, or that a search finds, stay followed."
)]
pub(super) struct Unfollow {
    /// Names of repositories, or their addresses
    #[arg(value_name = "OWNER/NAME", required_unless_present = "search")]
    names: Vec<String>,
    /// End this search
    #[arg(long, value_name = "QUERY", conflicts_with = "names")]
    search: Option<String>,
}

impl Unfollow {
    /// Runs the command.
    pub(super) async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        if let Some(query) = &self.search {
            return unfollow_search(query, program).await;
        }
        let wanted: Vec<String> = self.names.iter().map(|name| names::name(name)).collect();
        let context = program.open().await?.context;
        let mut tx = context.begin().await?;
        let unfollowed = actions::unfollow(&mut tx, &context, &wanted).await?;
        tx.commit().await?;
        context.db.close().await;
        let ended = counted(unfollowed.ended as u64, "repository", "repositories");
        say(format_args!("{ended} no longer followed"));
        if unfollowed.wanted > 0 {
            let wanted = counted(unfollowed.wanted as u64, "repository stays", "repositories stay");
            say(format_args!("{wanted}: a person watches it, or a search finds it"));
        }
        Ok(match unfollowed.ended + unfollowed.wanted {
            0 => ExitCode::FAILURE,
            _ => ExitCode::SUCCESS,
        })
    }
}

async fn unfollow_search(query: &str, program: &dyn Program) -> anyhow::Result<ExitCode> {
    let query = issue_query(query).map_err(anyhow::Error::msg)?;
    let context = program.open().await?.context;
    let mut tx = context.begin().await?;
    let is_ended = actions::unfollow_search(&mut tx, &context, &query).await?;
    tx.commit().await?;
    context.db.close().await;
    if !is_ended {
        remark("no such search is followed; see guildhall discovery status");
        return Ok(ExitCode::FAILURE);
    }
    say("1 search ended");
    Ok(ExitCode::SUCCESS)
}
