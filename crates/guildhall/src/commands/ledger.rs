use std::{
    io::{ErrorKind, Write},
    process::ExitCode,
};

use anyhow::Context as _;
use kernel::counted;
use platform::{Context, config::Config};
use recognition::{actions, model::SettlementMode, reads};

use super::{place, say};
use crate::PROGRAMMES;

/// Subcommands of `ledger`.
#[derive(Clone, Copy, Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Recalculate all points, totals and leaderboards and compare them with the stored ones. Exit with code 1 if they differ
    #[command(after_help = "Example:\n  guildhall ledger verify --json")]
    Verify {
        /// Print the result as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Recalculate all points from the stored facts and post corrections
    #[command(after_help = "Example:\n  guildhall ledger rebuild --check")]
    Rebuild {
        /// Post nothing. Exit with code 1 if the ledger would change
        #[arg(long)]
        check: bool,
    },
    /// Print the facts, the leaderboards and the ledger without reversed entries, one JSON object per line
    #[command(after_help = "Example:\n  guildhall ledger dump > ledger.jsonl")]
    Dump,
}

pub(super) async fn run(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    let context = place::look(&config).await?;
    let code = match command {
        Command::Verify { json } => verify(&context, json).await?,
        Command::Rebuild { check } => rebuild(&context, check).await?,
        Command::Dump => dump(&context).await?,
    };
    context.db.close().await;
    Ok(code)
}

async fn dump(context: &Context) -> anyhow::Result<ExitCode> {
    let lines = reads::dump(context, PROGRAMMES).await?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let written = lines.iter().try_for_each(|line| writeln!(out, "{line}"));
    match written.and_then(|()| out.flush()) {
        // The reader closed the pipe, as `head` does.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        written => written.context("cannot write the dump to standard output")?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn verify(context: &Context, json: bool) -> anyhow::Result<ExitCode> {
    let found = actions::verify(context, PROGRAMMES).await?;
    let awaiting = actions::awaiting(context, PROGRAMMES).await?;
    if json {
        say(serde_json::json!({ "mismatches": found, "awaiting_windows": awaiting }));
    } else {
        say_awaiting(awaiting);
        for mismatch in &found {
            say(mismatch);
        }
        say(match found.len() {
            0 => "All points, totals and leaderboards are correct.".to_owned(),
            count => format!(
                "{}. To fix this, run `guildhall ledger rebuild`.",
                counted(count, "mismatch", "mismatches")
            ),
        });
    }
    Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn say_awaiting(windows: usize) {
    if windows > 0 {
        say(format_args!(
            "{} not checked, because settlement is due. Windows are the months of contributors in \
             repositories. If the number does not fall, see the job 'settlement' at /admin/jobs.",
            counted(windows, "window", "windows")
        ));
    }
}

async fn rebuild(context: &Context, check: bool) -> anyhow::Result<ExitCode> {
    let bar = indicatif::ProgressBar::new_spinner();
    let (mode, verb) = if check {
        (SettlementMode::Check, "would be posted")
    } else {
        (SettlementMode::Post, "posted")
    };
    let progress = |done| bar.set_position(done as u64);
    let rebuilt = actions::rebuild(context, PROGRAMMES, mode, progress).await?;
    bar.finish_and_clear();
    if check {
        say_awaiting(actions::awaiting(context, PROGRAMMES).await?);
    }
    for part in rebuilt.iter().filter(|part| !part.summary.is_empty()) {
        say(format_args!(
            "Rescored {}; {} {verb}.",
            part.summary,
            counted(part.entries, "entry", "entries")
        ));
    }
    Ok(if check && rebuilt.iter().any(|part| part.entries > 0) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
