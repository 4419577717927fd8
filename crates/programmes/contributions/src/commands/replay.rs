use std::process::ExitCode;

use anyhow::Context as _;
use platform::{
    command::{Program, Run},
    module::Services,
};
use testkit::replay;

use super::{register_unknown, wait_until_settled};

/// Send a file of webhook deliveries to a server, signed as GitHub signs them
#[derive(Clone, Debug, clap::Parser)]
#[command(
    name = "replay",
    after_help = "Example:\n  guildhall replay season.jsonl.gz --to http://127.0.0.1:8080 --register lantern --wait"
)]
pub(super) struct Replay {
    #[command(flatten)]
    args: replay::Args,
}

impl Run for Replay {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let args = self.args;
        let secret = program.config().github_webhook_secret.clone().context(
        "GITHUB_WEBHOOK_SECRET is not set: set it to the server's secret, so that deliveries can be signed",
    )?;
        let services =
            if args.register.is_some() || args.wait { Some(program.open().await?) } else { None };
        let needed =
            || -> &Services { services.as_ref().expect("opened for --register and --wait") };
        let register = async |slug: &str, found: Vec<(i64, String)>| {
            register_unknown(needed(), slug, found).await
        };
        let wait = async || wait_until_settled(&needed().context).await;
        replay::run(args, &secret, register, wait).await
    }
}
