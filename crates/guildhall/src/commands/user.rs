use std::{
    fs::OpenOptions,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use chrono::TimeDelta;
use identity::{
    model::Role,
    rules::{end_named, length_named},
};
use kernel::Timestamp;
use platform::{audit::Actor, config::Config};

use super::say;
use crate::{App, privacy};

/// Subcommands of `user`.
#[derive(Clone, Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Change a person's role
    #[command(after_help = "Example:\n  guildhall user grant octocat --role admin")]
    Grant {
        /// The person's login
        login: String,
        /// The new role: user, moderator or admin
        #[arg(long)]
        role: Role,
    },
    /// Ban a person. They can no longer sign in or use sessions or tokens
    #[command(
        after_help = "Examples:\n  guildhall user ban octocat --reason \"spam\" --for 7d\n  guildhall user ban octocat --reason \"spam\" --until 2026-12-01"
    )]
    Ban {
        /// The person's login
        login: String,
        /// The reason, shown to the person and in the audit log
        #[arg(long)]
        reason: String,
        /// The date (UTC) or time at which the ban ends [default: no end]
        #[arg(long, value_name = "DATE", value_parser = end_named)]
        until: Option<Timestamp>,
        /// The length of the ban, such as 12h, 7d or 2w
        #[arg(long = "for", value_name = "LENGTH", value_parser = length_named, conflicts_with = "until")]
        length: Option<TimeDelta>,
    },
    /// Lift a person's ban
    #[command(after_help = "Example:\n  guildhall user unban octocat --reason \"appeal accepted\"")]
    Unban {
        /// The person's login
        login: String,
        /// The reason, shown in the audit log
        #[arg(long)]
        reason: String,
    },
    /// Export all data about a person as JSON
    #[command(
        after_help = "Examples:\n  guildhall user export octocat --to octocat.json\n  guildhall user export octocat | jq .identity"
    )]
    Export {
        /// The person's login
        login: String,
        /// The file to create [default: standard output]
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
    /// Erase a person permanently. Their ledger entries are kept under a pseudonym
    #[command(
        after_help = "Example:\n  guildhall user erase octocat\n\nThis cannot be undone. Run `guildhall user export` first to keep a copy of the data."
    )]
    Erase {
        /// The person's login
        login: String,
    },
}

pub(super) async fn run(config: Config, command: Command) -> anyhow::Result<()> {
    let app = App::open(config).await?;
    let (context, operator) = (&app.context, Actor::Operator);
    match command {
        Command::Grant { login, role } => {
            let person = identity::actions::grant_role(context, operator, &login, role).await?;
            say(format_args!("{} now has the role {role}.", person.login));
        }
        Command::Ban {
            login,
            reason,
            until,
            length,
        } => {
            let end = until.or_else(|| length.map(|length| context.now() + length));
            let person = identity::actions::ban(context, operator, &login, &reason, end).await?;
            let until = end.map_or_else(
                || "indefinitely".to_owned(),
                |end| format!("until {}", end.to_rfc3339()),
            );
            say(format_args!("{} is banned {until}.", person.login));
        }
        Command::Unban { login, reason } => {
            let person = identity::actions::unban(context, operator, &login, &reason).await?;
            say(format_args!("Lifted the ban on {}.", person.login));
        }
        Command::Export { login, to } => {
            let person = identity::reads::find_account(&context.db, &login).await?;
            let data = privacy::export_for(&app, operator, person.id.into()).await?;
            write(&format!("{data:#}"), to.as_deref())?;
        }
        Command::Erase { login } => {
            let person = identity::reads::find_account(&context.db, &login).await?;
            privacy::erase(app.modules(), context, operator, person.id.into()).await?;
            let id = person.id.into();
            let pseudonym = identity::reads::logins(&context.db, [id])
                .await?
                .remove(&id);
            say(format_args!(
                "Erased {}. Their ledger entries now show {}.",
                person.login,
                pseudonym.unwrap_or_default()
            ));
        }
    }
    app.context.db.close().await;
    Ok(())
}

/// Writes an export to a file that only its owner can read, or to standard output.
fn write(document: &str, to: Option<&Path>) -> anyhow::Result<()> {
    let Some(path) = to else {
        say(format_args!("{document}"));
        return Ok(());
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options
        .open(path)
        .with_context(|| format!("cannot create {}", path.display()))?;
    file.write_all(document.as_bytes())?;
    Ok(())
}
