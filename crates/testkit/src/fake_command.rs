//! The command `fake`, which runs a simulated service.

use std::net::SocketAddr;

use anyhow::Context as _;
use platform::{SystemClock, command::say};
use tokio::net::TcpListener;

use crate::{
    fake_code_host, fake_game_platform,
    fake_github::{self, Options, Start, Switches},
    fake_notion, fake_openai, fake_post, fake_smtp, fake_trello,
};

/// Simulated external services.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Command {
    /// Simulate GitHub: sign-in, API and webhooks, with a small sample community
    #[command(
        mut_arg("bind", |arg| arg.default_value("127.0.0.1:8090")),
        after_help = "Example:\n  guildhall fake github --bind 127.0.0.1:8090 --doubled 0.1\n\nThe token of each account is token-LOGIN. GET /_switches shows the simulated faults. POST /_switches changes them. The page /settings/profile changes a person's bio. POST /_people with {\"login\": NEW} adds a person."
    )]
    Github(Box<GithubArgs>),
    /// Simulate a mail server that accepts and prints every email
    #[command(
        mut_arg("bind", |arg| arg.default_value("127.0.0.1:2525")),
        after_help = "Example:\n  guildhall fake smtp --bind 127.0.0.1:2525\n  SMTP_URL=smtp://127.0.0.1:2525 GUILDHALL_MAIL_FROM=guildhall@guild.example guildhall serve"
    )]
    Smtp(Bind),
    /// Simulate web push, receivers of webhooks, Slack, Telnyx and Resend
    #[command(
        mut_arg("bind", |arg| arg.default_value("127.0.0.1:2526")),
        after_help = "Example:\n  guildhall fake post --bind 127.0.0.1:2526\n  curl -d '[{\"status\":[429,30]},\"silence\"]' -H 'Content-Type: application/json' http://127.0.0.1:2526/_next\n\nGET /_taken shows the accepted messages. POST /_secrets sets the secrets that receivers of webhooks know, as a list. POST /_next sets the next failures: status (an HTTP status), slow or drip (a delay in milliseconds of the response or its end), elsewhere (a redirect) or silence (no response)."
    )]
    Post(Bind),
    /// Simulate a code host besides GitHub: Gitea, GitLab or Bitbucket
    #[command(
        mut_arg("bind", |arg| arg.default_value("127.0.0.1:8092")),
        after_help = fake_code_host::HELP
    )]
    CodeHost(OptionArgs<fake_code_host::Options>),
    /// Simulate the game platform of CTF teams, MetaCTF
    #[command(
        mut_arg("bind", |arg| arg.default_value("127.0.0.1:8091")),
        after_help = fake_game_platform::HELP
    )]
    GamePlatform(OptionArgs<fake_game_platform::Options>),
    /// Simulate Trello
    #[command(
        mut_arg("bind", |arg| arg.default_value("127.0.0.1:8093")),
        after_help = fake_trello::HELP
    )]
    Trello(OptionArgs<fake_trello::Switches>),
    /// Simulate Notion
    #[command(
        mut_arg("bind", |arg| arg.default_value("127.0.0.1:8094")),
        after_help = fake_notion::HELP
    )]
    Notion(OptionArgs<fake_notion::Switches>),
    /// Simulate a language model with the API of OpenAI
    #[command(
        mut_arg("bind", |arg| arg.default_value("127.0.0.1:8095")),
        after_help = fake_openai::HELP
    )]
    Openai(OptionArgs<fake_openai::Switches>),
}

/// The address of a fake, whose default each command has.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Bind {
    /// Address to listen on
    #[arg(long, value_name = "HOST:PORT", value_parser = platform::config::resolve, required = false)]
    bind: SocketAddr,
}

/// Arguments of `fake github`.
#[derive(Clone, Debug, clap::Args)]
pub struct GithubArgs {
    #[command(flatten)]
    bind: Bind,
    #[command(flatten)]
    start: Start,
    #[command(flatten)]
    switches: Switches,
}

/// Arguments of a fake with its options.
#[derive(Clone, Debug, clap::Args)]
pub struct OptionArgs<Options: clap::Args> {
    #[command(flatten)]
    bind: Bind,
    #[command(flatten)]
    options: Options,
}

/// Runs a simulated service until `stop` ends.
///
/// # Errors
/// When its address is not one of this machine, or is taken.
pub async fn run(command: Command, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    tokio::select! {
        served = serve(command) => served,
        () = stop => Ok(()),
    }
}

async fn serve(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Github(args) => github(*args).await,
        Command::Smtp(bind) => smtp(bind).await,
        Command::Post(bind) => post(bind).await,
        Command::CodeHost(args) => args.serve(fake_code_host::serve).await,
        Command::GamePlatform(args) => args.serve(fake_game_platform::serve).await,
        Command::Notion(args) => args.serve(fake_notion::serve).await,
        Command::Openai(args) => args.serve(fake_openai::serve).await,
        Command::Trello(args) => args.serve(fake_trello::serve).await,
    }
}

impl<O: clap::Args> OptionArgs<O> {
    async fn serve<F>(self, fake: impl FnOnce(TcpListener, O) -> F) -> anyhow::Result<()>
    where
        F: Future<Output = std::io::Result<()>>,
    {
        Ok(fake(listen(self.bind).await?, self.options).await?)
    }
}

async fn listen(Bind { bind }: Bind) -> anyhow::Result<TcpListener> {
    anyhow::ensure!(
        bind.ip().is_loopback(),
        "fakes only listen on this machine: use `--bind 127.0.0.1:PORT` instead of {bind}"
    );
    let taken =
        || format!("cannot listen on {bind}: choose another address with `--bind HOST:PORT`");
    TcpListener::bind(bind).await.with_context(taken)
}

async fn smtp(bind: Bind) -> anyhow::Result<()> {
    let listener = listen(bind).await?;
    let at = listener.local_addr()?;
    say(format_args!("Fake mail server listening at smtp://{at}"));
    Ok(fake_smtp::serve(listener, |mail| say(mail)).await?)
}

async fn post(bind: Bind) -> anyhow::Result<()> {
    let listener = listen(bind).await?;
    say(fake_post::introduction(&address(listener.local_addr()?)));
    Ok(fake_post::serve(listener, SystemClock, |taken| say(taken)).await?)
}

async fn github(args: GithubArgs) -> anyhow::Result<()> {
    let listener = listen(args.bind).await?;
    let at = address(listener.local_addr()?);
    let options = Options { switches: args.switches, ..args.start.options(SystemClock) };
    say(fake_github::introduction(&at, &options));
    Ok(fake_github::serve(listener, options).await?)
}

fn address(at: SocketAddr) -> String {
    format!("http://{at}/")
}
