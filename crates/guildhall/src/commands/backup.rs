//! `backup`, `restore` and `move`.

use std::{path::PathBuf, process::ExitCode};

use platform::{
    config::Config,
    db::{DatabaseUrl, copy::Copied},
};

use super::{place, remark, say};
use crate::backup::{self, BackupFile};

/// Flags of `backup`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct BackupArgs {
    /// The file to write; it must not be there yet
    #[arg(long, value_name = "PATH")]
    to: PathBuf,
    /// One JSON object instead of sentences
    #[arg(long)]
    json: bool,
}

/// Flags of `restore`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct RestoreArgs {
    /// A file that `backup` wrote
    path: PathBuf,
    /// One JSON object instead of sentences
    #[arg(long)]
    json: bool,
}

/// Flags of `move`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct MoveArgs {
    /// An empty PostgreSQL: postgres://USER:PASSWORD@HOST:PORT/NAME
    #[arg(long, value_name = "URL")]
    to: String,
    /// One JSON object instead of sentences
    #[arg(long)]
    json: bool,
}

pub(super) async fn backup(config: Config, args: BackupArgs) -> anyhow::Result<ExitCode> {
    let context = place::look(&config).await?;
    let bar = Bar::new();
    let tables = backup::backup(&context.db, &args.to, |table, rows| bar.tell(table, rows)).await;
    bar.finish();
    context.db.close().await;
    let kept = BackupFile {
        tables: tables?,
        mismatches: Vec::new(),
    };
    let place = args.to.display();
    if args.json {
        say(
            serde_json::json!({ "path": args.to, "rows": kept.rows(), "tables": told(&kept.tables) }),
        );
        return Ok(ExitCode::SUCCESS);
    }
    say(format_args!(
        "Wrote {place}: {} rows of {} tables, found whole.",
        kept.rows(),
        kept.tables.len()
    ));
    remark("The secret key is not in it: keep the key too, in another place.");
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn restore(config: Config, args: RestoreArgs) -> anyhow::Result<ExitCode> {
    let bar = Bar::new();
    let kept = backup::restore(&config, &args.path, |table, rows| bar.tell(table, rows)).await;
    bar.finish();
    let code = report(&kept?, "Restored", args.json);
    if !args.json {
        remark("Start it with the secret key of the installation that was backed up.");
    }
    Ok(code)
}

pub(super) async fn move_to(config: Config, args: MoveArgs) -> anyhow::Result<ExitCode> {
    let to: DatabaseUrl = args.to.parse()?;
    let bar = Bar::new();
    let kept = backup::move_to(&config, &to, |table, rows| bar.tell(table, rows)).await;
    bar.finish();
    let kept = kept?;
    let code = report(&kept, "Moved", args.json);
    if !args.json && kept.mismatches.is_empty() {
        remark(
            "Start it with DATABASE_URL set to the new database from now on; the old file is closed.",
        );
    }
    Ok(code)
}

/// Says what arrived; fails when the ledger does not agree there.
fn report(kept: &BackupFile, verb: &str, json: bool) -> ExitCode {
    if json {
        say(serde_json::json!({
            "rows": kept.rows(), "tables": told(&kept.tables), "mismatches": kept.mismatches,
        }));
    } else {
        say(format_args!(
            "{verb} {} rows of {} tables.",
            kept.rows(),
            kept.tables.len()
        ));
        say(match kept.mismatches.len() {
            0 => "The ledger agrees with totals, boards, histogram and entitlements.".to_owned(),
            count => format!(
                "The ledger's check finds {count} mismatches: see them with guildhall ledger verify"
            ),
        });
    }
    if kept.mismatches.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn told(tables: &[Copied]) -> serde_json::Map<String, serde_json::Value> {
    let told = |table: &Copied| (table.table.clone(), table.rows.into());
    tables.iter().map(told).collect()
}

/// How far it is, where a person watches.
struct Bar(indicatif::ProgressBar);

impl Bar {
    fn new() -> Self {
        Self(indicatif::ProgressBar::new_spinner())
    }

    fn tell(&self, table: &str, rows: i64) {
        self.0.set_message(format!("{table}: {rows} rows"));
    }

    fn finish(&self) {
        self.0.finish_and_clear();
    }
}
