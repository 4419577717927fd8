mod erase;
mod export;

use std::path::PathBuf;

use chrono::TimeDelta;
use identity::{
    commands::{self, ListArgs, ShowArgs},
    model::Role,
    rules::{end_named, length_named},
};
use kernel::Timestamp;
use platform::{audit::Actor, config::Config};

use super::{place, say};

/// Subcommands of `user`.
#[derive(Clone, Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List people with their roles and bans
    #[command(
        after_help = "Examples:\n  guildhall user list --role admin\n  guildhall user list --login wren --json"
    )]
    List(ListArgs),
    /// Show a person's account: role, ban, points and sign-in methods
    #[command(after_help = "Example:\n  guildhall user show octocat --json")]
    Show(ShowArgs),
    /// Create an admin, and print a link that signs them in once
    #[command(after_help = "Example:\n  guildhall user create --admin wren@oak.example")]
    Create {
        /// The admin's email address, which stays unverified
        #[arg(long = "admin", value_name = "EMAIL")]
        address: String,
    },
    /// Change a person's role
    #[command(after_help = "Example:\n  guildhall user grant octocat --role admin")]
    Grant {
        /// The person's login, or ID
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
        /// The person's login, or ID
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
        /// The person's login, or ID
        login: String,
        /// The reason, shown in the audit log
        #[arg(long)]
        reason: String,
    },
    /// Remove the second factor of a person who lost it
    #[command(after_help = "Example:\n  guildhall user reset-second-factor octocat")]
    ResetSecondFactor {
        /// The person's login, or ID
        login: String,
    },
    /// Export all data about a person as JSON
    #[command(
        after_help = "Examples:\n  guildhall user export octocat --to octocat.json\n  guildhall user export octocat | jq .identity"
    )]
    Export {
        /// The person's login, or ID
        login: String,
        /// The file to create. Use `-` for standard output (the default)
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
    /// Erase a person permanently. Their ledger entries are kept under a pseudonym
    #[command(
        after_help = "Examples:\n  guildhall user erase octocat --dry-run\n  guildhall user erase octocat\n\nThe command asks you to type the login again. This cannot be undone. Run `guildhall user export` first to keep a copy of the data."
    )]
    Erase(erase::Args),
}

pub(super) async fn run(config: Config, command: Command) -> anyhow::Result<()> {
    let app = place::open(config).await?;
    let (context, operator) = (&app.context, Actor::Operator);
    match command {
        Command::List(args) => commands::list(context, &args).await?,
        Command::Show(args) => commands::show(context, &args).await?,
        Command::Create { address } => {
            commands::create(context, &app.config.site(), &address).await?;
        }
        Command::Grant { login, role } => {
            let person = identity::actions::grant_role(context, operator, &login, role).await?;
            say(format_args!("{} now has the role {role}.", person.login));
        }
        Command::Ban { login, reason, until, length } => {
            let end = until.or_else(|| length.map(|length| context.now() + length));
            let person = identity::actions::ban(context, operator, &login, &reason, end).await?;
            let until = end.map_or_else(
                || "indefinitely".to_owned(),
                |end| format!("until {}", end.format("%Y-%m-%d %H:%M UTC")),
            );
            say(format_args!("{} is banned {until}.", person.login));
        }
        Command::Unban { login, reason } => {
            let person = identity::actions::unban(context, operator, &login, &reason).await?;
            say(format_args!("Lifted the ban on {}.", person.login));
        }
        Command::ResetSecondFactor { login } => {
            let person = identity::actions::reset_second_factor(context, operator, &login).await?;
            say(format_args!("{} has no second factor anymore.", person.login));
        }
        Command::Export { login, to } => export::run(&app, &login, to.as_deref()).await?,
        Command::Erase(args) => erase::run(&app, &args).await?,
    }
    app.context.db.close().await;
    Ok(())
}
