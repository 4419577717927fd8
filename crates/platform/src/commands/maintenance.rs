use std::process::ExitCode;

use crate::{
    audit::Actor,
    command::{Program, Run, say},
    settings::{self, SettingChange},
};

/// The message on pages unless the operator writes another.
const MESSAGE: &str = "This server is being worked on, so nothing can be changed right now.";

/// Make the server read-only for a while, and end that
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "maintenance")]
pub(super) enum Maintenance {
    /// Refuse what people change, with a message on every page. Deliveries are still stored
    #[command(
        after_help = "Examples:\n  guildhall maintenance on --message 'We move to another machine until 14:00 UTC.'\n  guildhall maintenance on --jobs\n\nEvery server and worker follows within five seconds."
    )]
    On {
        /// The message on pages and in refusals, in one line of at most 300 characters
        #[arg(long, value_name = "TEXT", default_value = MESSAGE)]
        message: String,
        /// Stop the background jobs, too
        #[arg(long)]
        jobs: bool,
    },
    /// Let people change things again, and jobs run
    #[command(after_help = "Example:\n  guildhall maintenance off")]
    Off,
}

impl Run for Maintenance {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let services = program.open().await?;
        let (changes, says) = self.changes();
        let (context, config) = (&services.context, &services.config);
        let actor = Actor::Operator;
        let saved = settings::save(context, config, actor, config.stored_version, &changes).await;
        context.db.close().await;
        saved?;
        say(says);
        Ok(ExitCode::SUCCESS)
    }
}

impl Maintenance {
    /// Returns the settings to change, and what to print.
    fn changes(&self) -> ([SettingChange; 2], &'static str) {
        let on = |message: &str, jobs: &str| {
            let jobs = SettingChange::set("maintenance_jobs", jobs);
            [SettingChange::set("maintenance", message), jobs]
        };
        match self {
            Self::On { message, jobs: true } => {
                (on(message, "stop"), "The server is read-only and runs no jobs.")
            }
            Self::On { message, jobs: false } => {
                (on(message, "run"), "The server is read-only. Jobs still run.")
            }
            Self::Off => (
                [SettingChange::unset("maintenance"), SettingChange::unset("maintenance_jobs")],
                "The server is not read-only.",
            ),
        }
    }
}
