use std::process::ExitCode;

use crate::{
    audit::Actor,
    command::{Program, Run, say},
    settings::{self, MAINTENANCE_MESSAGE},
};

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
        #[arg(long, value_name = "TEXT", default_value = MAINTENANCE_MESSAGE)]
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
        let (wanted, says) = self.wanted();
        let (context, config) = (&services.context, &services.config);
        let saved = settings::maintain(context, config, Actor::Operator, wanted).await;
        context.db.close().await;
        saved?;
        say(says);
        Ok(ExitCode::SUCCESS)
    }
}

impl Maintenance {
    /// Returns what to save, and what to print.
    fn wanted(&self) -> (settings::Maintenance<'_>, &'static str) {
        match self {
            Self::On { message, jobs } => {
                let says = if *jobs {
                    "The server is read-only and runs no jobs."
                } else {
                    "The server is read-only. Jobs still run."
                };
                (settings::Maintenance::On { message, stops_jobs: *jobs }, says)
            }
            Self::Off => (settings::Maintenance::Off, "The server is not read-only."),
        }
    }
}
