//! Sends files of deliveries to an inbox as GitHub would, for the command `replay` and the demo, so that seasons,
//! samples and load tests use the same endpoint as real deliveries. Nothing is lost: deliveries that the server could
//! not accept are retried.

mod answer;
mod drive;
mod lines;
mod sender;
mod tally;

use std::{io::Write, num::NonZeroUsize, process::ExitCode, time::Duration};

use anyhow::{Context, ensure};
use clap::Args as Arguments;
use futures_util::Stream;
use indicatif::{ProgressBar, ProgressStyle};
use secrecy::SecretString;

pub use answer::{DeliveryOutcome, RefusedDelivery};
pub use drive::{Pace, send_all};
pub use lines::{BadLine, DeliveryLine, Source, distinct_repositories};
pub use sender::{DeliveryResult, Sender};
pub use tally::{Refusals, ReplaySummary, ReplayTally};

/// Send a file of webhook deliveries to a server, signed as GitHub signs them.
#[derive(Arguments, Clone, Debug)]
pub struct Args {
    /// File with one JSON object per line: {event, delivery, body}. Plain or gzip; - reads standard input.
    #[arg(value_name = "FILE")]
    pub file: Source,
    /// The server, such as http://127.0.0.1:8080. A path in the URL replaces that of the webhook endpoint.
    #[arg(long, value_name = "URL")]
    pub to: String,
    /// Maximum deliveries per second [default: as fast as the server answers].
    #[arg(long, value_name = "N", value_parser = rate)]
    pub rate: Option<f64>,
    /// Number of deliveries to send at the same time.
    #[arg(long, value_name = "N", default_value = "16", value_parser = concurrency)]
    pub concurrency: NonZeroUsize,
    /// First register the unregistered repositories in the file with this project, in the database.
    #[arg(long, value_name = "SLUG")]
    pub register: Option<String>,
    /// Wait until all deliveries are processed and scored.
    #[arg(long)]
    pub wait: bool,
    /// How long to keep trying while the server is overloaded or cannot be reached.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub retry_for: u32,
    /// Print the result as one line of JSON.
    #[arg(long)]
    pub json: bool,
}

/// Sends the file. `register` receives the project and the file's repositories `(GitHub ID, full name)` before anything
/// is sent; `wait` is called after everything was sent. Each is called only when requested.
pub async fn run(
    args: Args,
    secret: &SecretString,
    register: impl AsyncFnOnce(&str, Vec<(i64, String)>) -> anyhow::Result<()>,
    wait: impl AsyncFnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<ExitCode> {
    let sender =
        Sender::new(&args.to, secret)?.retry_for(Duration::from_secs(args.retry_for.into()));
    let lines = lines::open(&args.file)?;
    if let Some(project) = &args.register {
        register(project, first_pass(&args.file).await?).await?;
    }
    let summary = send_with_progress(&sender, lines, &args).await;
    ensure!(summary.accepted + summary.refused > 0, "{} contains no deliveries", args.file);
    if args.wait {
        wait().await?;
    }
    report(&summary, args.json)?;
    Ok(if summary.refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn first_pass(source: &Source) -> anyhow::Result<Vec<(i64, String)>> {
    let Source::File(path) = source.clone() else {
        anyhow::bail!("`--register` reads the input twice: use a file instead of standard input");
    };
    tokio::task::spawn_blocking(move || distinct_repositories(&path))
        .await
        .context("cannot read the repositories to register")?
}

async fn send_with_progress(
    sender: &Sender,
    lines: impl Stream<Item = Result<DeliveryLine, BadLine>>,
    args: &Args,
) -> ReplaySummary {
    let pace = Pace { concurrency: args.concurrency, rate: args.rate };
    // The bar hides itself when standard error is not a terminal.
    let bar = ProgressBar::new_spinner().with_style(
        ProgressStyle::with_template("{spinner} {human_pos} deliveries, {per_sec}, {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner()),
    );
    let tally = send_all(sender, lines, pace, |_| bar.inc(1)).await;
    bar.finish_and_clear();
    tally.summary()
}

fn report(summary: &ReplaySummary, json: bool) -> anyhow::Result<()> {
    let text = if json { serde_json::to_string(summary)? } else { summary.to_string() };
    writeln!(std::io::stdout(), "{text}").context("cannot write the summary to standard output")
}

fn concurrency(text: &str) -> anyhow::Result<NonZeroUsize> {
    text.parse().context("use a whole number from 1, such as 16")
}

fn rate(text: &str) -> anyhow::Result<f64> {
    let rate: f64 = text.parse().context("use a number of deliveries per second, such as 50")?;
    ensure!(rate.is_finite() && rate > 0.0, "use a number above 0, such as 50");
    Ok(rate)
}

#[cfg(test)]
mod tests;
