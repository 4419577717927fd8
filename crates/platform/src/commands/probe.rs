use std::process::ExitCode;

use crate::{
    command::{Program, Run},
    running,
};

/// Ask the running server or worker of this machine whether it is ready
#[derive(Clone, Copy, Debug, clap::Parser)]
#[command(
    name = "probe",
    after_help = "Examples:\n  guildhall probe\n  guildhall probe --worker\n\nFor health checks of containers, in which nothing else could ask. Exit codes: 0 it is ready, 1 it is not, or does not respond within three seconds, 2 wrong usage."
)]
pub(super) struct Probe {
    /// Ask the worker at GUILDHALL_WORKER_BIND instead of the server at GUILDHALL_BIND
    #[arg(long)]
    worker: bool,
}

impl Run for Probe {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let config = program.config();
        if self.worker {
            running::probe(config.worker_bind, "/healthz").await?;
        } else {
            running::probe(config.bind, "/readyz").await?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
