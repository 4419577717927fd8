use std::net::SocketAddr;

use anyhow::Context as _;
use kernel::Clock as _;
use platform::SystemClock;
use testkit::fake_github::{self, Options, Switches};
use tokio::net::TcpListener;

use super::{address, say};

/// Stand-ins for outside services.
#[derive(Clone, Debug, clap::Subcommand)]
pub(super) enum Command {
    /// GitHub: sign-in, API and webhooks of one small invented world
    #[command(
        after_help = "Example:\n  guildhall fake github --bind 127.0.0.1:8090 --doubled 0.1\n\nEvery account's token is token-LOGIN. See what it does: GET /_switches"
    )]
    Github(Box<GithubArgs>),
}

/// Flags of `fake github`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct GithubArgs {
    /// Address to listen on
    #[arg(
        long,
        value_name = "HOST:PORT",
        value_parser = platform::config::resolve,
        default_value = "127.0.0.1:8090"
    )]
    bind: SocketAddr,
    /// Decides ids and what the switches leave to chance
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Begin without people and repositories
    #[arg(long)]
    empty: bool,
    #[command(flatten)]
    switches: Switches,
}

pub(super) async fn run(command: Command) -> anyhow::Result<()> {
    let Command::Github(args) = command;
    anyhow::ensure!(
        args.bind.ip().is_loopback(),
        "a fake listens on this machine only: use --bind 127.0.0.1:PORT, not {}",
        args.bind
    );
    let listener = TcpListener::bind(args.bind).await.with_context(|| {
        format!(
            "cannot listen on {}: choose another address with --bind",
            args.bind
        )
    })?;
    say(format_args!(
        "A fake GitHub listens at {}",
        address(listener.local_addr()?)
    ));
    if !args.empty {
        introduce();
    }
    let options = Options {
        seed: args.seed,
        seeded: !args.empty,
        switches: args.switches,
        ..Options::new(SystemClock)
    };
    tokio::select! {
        served = fake_github::serve(listener, options) => served?,
        () = super::serve::stop_signal() => {}
    }
    Ok(())
}

/// Says who and what there is, so that nobody has to guess a name.
fn introduce() {
    let (people, repositories) = fake_github::inhabitants(SystemClock.now());
    say("Repositories, with their GitHub ids:");
    for (id, full_name) in repositories {
        say(format_args!("  {full_name} {id}"));
    }
    say("People, each with the token token-LOGIN:");
    for some in people.chunks(6) {
        say(format_args!("  {}", some.join(" ")));
    }
}
