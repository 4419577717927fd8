use chrono::TimeDelta;
use identity::{
    model::Role,
    rules::{end_named, length_named},
};
use kernel::Timestamp;
use platform::{audit::Actor, config::Config};

use super::say;
use crate::House;

/// Verbs of `user`.
#[derive(Clone, Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Give a person a role on the whole platform
    #[command(after_help = "Example:\n  guildhall user grant octocat --role admin")]
    Grant {
        /// The person's login
        login: String,
        /// user, moderator or admin
        #[arg(long)]
        role: Role,
    },
    /// Ban a person: from the next request on they can neither sign in nor act
    #[command(
        after_help = "Examples:\n  guildhall user ban octocat --reason \"spam\" --for 7d\n  guildhall user ban octocat --reason \"spam\" --until 2026-12-01"
    )]
    Ban {
        /// The person's login
        login: String,
        /// Why; they are told, and it stands in the audit log
        #[arg(long)]
        reason: String,
        /// The day (UTC) or the instant at which it ends by itself; it lasts until it is lifted otherwise
        #[arg(long, value_name = "DATE", value_parser = end_named)]
        until: Option<Timestamp>,
        /// How long it lasts: 12h, 7d, 2w
        #[arg(long = "for", value_name = "LENGTH", value_parser = length_named, conflicts_with = "until")]
        length: Option<TimeDelta>,
    },
    /// Lift a person's ban
    #[command(
        after_help = "Example:\n  guildhall user unban octocat --reason \"the appeal was right\""
    )]
    Unban {
        /// The person's login
        login: String,
        /// Why; it stands in the audit log
        #[arg(long)]
        reason: String,
    },
}

pub(super) async fn run(config: Config, command: Command) -> anyhow::Result<()> {
    let house = House::open(config).await?;
    let (context, operator) = (&house.context, Actor::Operator);
    match command {
        Command::Grant { login, role } => {
            let person = identity::actions::grant_role(context, operator, &login, role).await?;
            say(format_args!("{} has the role {role} now.", person.login));
        }
        Command::Ban {
            login,
            reason,
            until,
            length,
        } => {
            let end = until.or_else(|| length.map(|length| context.now() + length));
            let person = identity::actions::ban(context, operator, &login, &reason, end).await?;
            let until = end.map_or_else(|| "it is lifted".to_owned(), |end| end.to_rfc3339());
            say(format_args!("{} is banned until {until}.", person.login));
        }
        Command::Unban { login, reason } => {
            let person = identity::actions::unban(context, operator, &login, &reason).await?;
            say(format_args!("{} is banned no more.", person.login));
        }
    }
    house.context.db.close().await;
    Ok(())
}
