use identity::model::Role;
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
}

pub(super) async fn run(config: Config, command: Command) -> anyhow::Result<()> {
    let Command::Grant { login, role } = command;
    let house = House::open(config).await?;
    let person =
        identity::actions::grant_role(&house.context, Actor::Operator, &login, role).await?;
    say(format_args!("{} has the role {role} now.", person.login));
    house.context.db.close().await;
    Ok(())
}
