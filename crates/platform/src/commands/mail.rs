use std::process::ExitCode;

use anyhow::ensure;

use crate::{
    command::{Program, Run, say},
    outbox::{is_mailbox, try_own_mail},
};

/// Try the server's email
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "mail")]
pub(super) enum Mail {
    /// Send a test email at once
    #[command(
        after_help = "Example:\n  guildhall mail test ops@guild.example\n\nIt is sent by the mail server or the service that the settings name; no server has to run. Exit codes: 0 the mail server took it, 1 it did not, 2 wrong usage."
    )]
    Test {
        /// The address that it is sent to
        #[arg(value_name = "ADDRESS")]
        address: String,
    },
}

impl Run for Mail {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let Self::Test { address } = self;
        ensure!(is_mailbox(&address), "'{address}' is no email address");
        let services = program.open().await?;
        let sent = try_own_mail(&services.context, &services.post, &address).await;
        services.context.db.close().await;
        match sent? {
            Ok(answer) => say(format_args!("Sent to {address} ({answer}).")),
            Err(why) => anyhow::bail!("not sent to {address}: {why}"),
        }
        Ok(ExitCode::SUCCESS)
    }
}
