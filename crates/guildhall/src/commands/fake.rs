use std::net::SocketAddr;

use anyhow::Context as _;
use kernel::Clock as _;
use platform::SystemClock;
use testkit::{
    fake_github::{self, Options, Switches},
    fake_smtp,
};
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
    /// A mail server: takes every mail and shows it
    #[command(
        after_help = "Example:\n  guildhall fake smtp --bind 127.0.0.1:2525\n  SMTP_URL=smtp://127.0.0.1:2525 GUILDHALL_MAIL_FROM=hall@guild.example guildhall serve"
    )]
    Smtp(SmtpArgs),
}

/// Flags of `fake smtp`.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct SmtpArgs {
    /// Address to listen on
    #[arg(
        long,
        value_name = "HOST:PORT",
        value_parser = platform::config::resolve,
        default_value = "127.0.0.1:2525"
    )]
    bind: SocketAddr,
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
    match command {
        Command::Github(args) => github(*args).await,
        Command::Smtp(args) => smtp(args).await,
    }
}

async fn listen(bind: SocketAddr) -> anyhow::Result<TcpListener> {
    anyhow::ensure!(
        bind.ip().is_loopback(),
        "a fake listens on this machine only: use --bind 127.0.0.1:PORT, not {bind}"
    );
    let taken = || format!("cannot listen on {bind}: choose another address with --bind");
    TcpListener::bind(bind).await.with_context(taken)
}

async fn smtp(args: SmtpArgs) -> anyhow::Result<()> {
    let listener = listen(args.bind).await?;
    let at = listener.local_addr()?;
    say(format_args!("A fake mail server listens at smtp://{at}"));
    let show = |mail: &fake_smtp::Mail| {
        say(format_args!(
            "To: {}\n{}",
            mail.recipients.join(", "),
            mail.text
        ));
    };
    tokio::select! {
        served = fake_smtp::serve(listener, show) => served?,
        () = super::serve::stop_signal() => {}
    }
    Ok(())
}

async fn github(args: GithubArgs) -> anyhow::Result<()> {
    let listener = listen(args.bind).await?;
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
