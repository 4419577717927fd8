use std::net::SocketAddr;

use anyhow::Context as _;
use kernel::Clock as _;
use platform::{SystemClock, config::Config};
use testkit::{
    fake_github::{self, Options, Switches},
    fake_post, fake_smtp,
};
use tokio::net::TcpListener;

use super::{address, say};
use crate::sample_data;

/// Simulated external services.
#[derive(Clone, Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Simulate GitHub: sign-in, API and webhooks, with a small sample community
    #[command(
        after_help = "Example:\n  guildhall fake github --bind 127.0.0.1:8090 --doubled 0.1\n\nThe token of each account is token-LOGIN. GET /_switches shows the simulated faults. POST /_switches changes them."
    )]
    Github(Box<GithubArgs>),
    /// Simulate a mail server that accepts and prints every e-mail
    #[command(
        after_help = "Example:\n  guildhall fake smtp --bind 127.0.0.1:2525\n  SMTP_URL=smtp://127.0.0.1:2525 GUILDHALL_MAIL_FROM=guildhall@guild.example guildhall serve"
    )]
    Smtp(SmtpArgs),
    /// Simulate web push, Slack, Telnyx and Resend
    #[command(
        after_help = "Example:\n  guildhall fake post --bind 127.0.0.1:2526\n  curl -d '[{\"status\":[429,30]},\"silence\"]' -H 'Content-Type: application/json' http://127.0.0.1:2526/_next\n\nGET /_taken shows the accepted messages. POST /_next sets the next failures: status (an HTTP status), slow (a delay in milliseconds), elsewhere (a redirect) or silence (no response)."
    )]
    Post(PostArgs),
}

/// Arguments of `fake post`.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct PostArgs {
    /// Address to listen on
    #[arg(
        long,
        value_name = "HOST:PORT",
        value_parser = platform::config::resolve,
        default_value = "127.0.0.1:2526"
    )]
    bind: SocketAddr,
}

/// Arguments of `fake smtp`.
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

/// Arguments of `fake github`.
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
    /// Seed for IDs and random behavior
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Start without people or repositories
    #[arg(long)]
    empty: bool,
    #[command(flatten)]
    switches: Switches,
}

pub(super) async fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    sample_data::refuse_in_production(config)?;
    match command {
        Command::Github(args) => github(*args).await,
        Command::Smtp(args) => smtp(args).await,
        Command::Post(args) => post(args).await,
    }
}

async fn listen(bind: SocketAddr) -> anyhow::Result<TcpListener> {
    anyhow::ensure!(
        bind.ip().is_loopback(),
        "fakes only listen on this machine: use `--bind 127.0.0.1:PORT` instead of {bind}"
    );
    let taken =
        || format!("cannot listen on {bind}: choose another address with `--bind HOST:PORT`");
    TcpListener::bind(bind).await.with_context(taken)
}

async fn smtp(args: SmtpArgs) -> anyhow::Result<()> {
    let listener = listen(args.bind).await?;
    let at = listener.local_addr()?;
    say(format_args!("Fake mail server listening at smtp://{at}"));
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

async fn post(args: PostArgs) -> anyhow::Result<()> {
    let listener = listen(args.bind).await?;
    let at = address(listener.local_addr()?);
    let at = at.trim_end_matches('/');
    say(format_args!("Fake message services listening at {at}"));
    for (service, how) in [
        (
            "Push",
            format!("GUILDHALL_PUSH_SERVICES={at}, endpoints {at}/push/NAME"),
        ),
        ("Slack", format!("SLACK_WEBHOOK_URL={at}/services/T0/B0/X")),
        (
            "Telnyx",
            format!("GUILDHALL_TELNYX_URL={at} TELNYX_API_KEY=KEY"),
        ),
        (
            "Resend",
            format!("GUILDHALL_RESEND_URL={at} RESEND_API_KEY=re_"),
        ),
    ] {
        say(format_args!("  {service:6}  {how}"));
    }
    let show = |taken: &fake_post::Taken| {
        let content = match taken.service {
            "push" => format!("{} encrypted bytes", taken.raw.len()),
            _ => taken.body.to_string(),
        };
        say(format_args!("{} {}: {content}", taken.service, taken.path));
    };
    tokio::select! {
        served = fake_post::serve(listener, SystemClock, show) => served?,
        () = super::serve::stop_signal() => {}
    }
    Ok(())
}

async fn github(args: GithubArgs) -> anyhow::Result<()> {
    let listener = listen(args.bind).await?;
    say(format_args!(
        "Fake GitHub listening at {}",
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

/// Prints the fake's repositories and people.
fn introduce() {
    let (people, repositories) = fake_github::inhabitants(SystemClock.now());
    say("Repositories and their GitHub IDs:");
    for (id, full_name) in repositories {
        say(format_args!("  {full_name} {id}"));
    }
    say("People (their tokens are token-LOGIN):");
    for some in people.chunks(6) {
        say(format_args!("  {}", some.join(" ")));
    }
}
