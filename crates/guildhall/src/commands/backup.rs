//! `backup`, `restore` and `move`.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use kernel::{Timestamp, counted};
use operations::backup::{BackupFile, LogSource, Source, Wanted};
use platform::{config::Config, db::copy::Copied};
use uuid::Uuid;

use super::{place, remark, say};
use crate::backup::COPIER;

/// Arguments of `backup`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct BackupArgs {
    /// The file to create. It must not exist yet
    #[arg(long, value_name = "PATH", value_parser = file)]
    to: PathBuf,
    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

/// Arguments of `restore`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct RestoreArgs {
    /// A backup, written by `guildhall backup` or by the server itself
    #[arg(required_unless_present = "log")]
    path: Option<PathBuf>,
    /// A folder of copies of SQLite's log, instead of a backup
    #[arg(long, value_name = "DIR", conflicts_with_all = ["path", "into"])]
    log: Option<PathBuf>,
    /// The instant as of which to restore, such as 2026-11-20T09:41:00Z [default: as late as possible]
    #[arg(long, value_name = "INSTANT", requires = "log")]
    at: Option<Timestamp>,
    /// The file with the private key, for a backup that the server encrypted
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// Restore only these tables, without constraints, into the new SQLite file of `--into`
    #[arg(long, value_name = "TABLE,…", value_delimiter = ',', requires = "into")]
    tables: Vec<String>,
    /// Restore only a person and what refers to them into the new SQLite file of `--into`
    #[arg(long, value_name = "ID", requires = "into", conflicts_with = "tables")]
    person: Option<Uuid>,
    /// The file to create for `--tables` or `--person`. The installation stays as it is
    #[arg(long, value_name = "PATH", value_parser = file)]
    into: Option<PathBuf>,
    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

/// Arguments of `move`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct MoveArgs {
    /// An empty PostgreSQL database: postgres://USER@HOST:PORT/NAME. Set the password with DATABASE_PASSWORD or
    /// DATABASE_PASSWORD_FILE, because other users of this machine can see command lines
    #[arg(long, value_name = "URL")]
    to: String,
    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

/// Parses the path of a backup.
fn file(path: &str) -> Result<PathBuf, String> {
    match path {
        "-" => Err(
            "a backup is verified in its file and cannot be written to standard output: give the path of a new file"
                .to_owned(),
        ),
        path => Ok(path.into()),
    }
}

pub(super) async fn backup(config: Config, args: BackupArgs) -> anyhow::Result<ExitCode> {
    let (db, status) = place::connect(&config).await?;
    let bar = Bar::new();
    let tables = COPIER.backup(&db, &args.to, |table, rows| bar.show(table, rows)).await;
    bar.finish();
    db.close().await;
    if !status.pending.is_empty() {
        remark(format_args!(
            "The database is from an earlier release ({} pending), and so is the backup. `guildhall restore` applies \
             them.",
            counted(status.pending.len(), "migration is", "migrations are")
        ));
    }
    let written = BackupFile { tables: tables?, mismatches: Vec::new() };
    let place = args.to.display();
    if args.json {
        say(
            serde_json::json!({ "path": args.to, "rows": written.rows(), "tables": rows_by_table(&written.tables) }),
        );
        return Ok(ExitCode::SUCCESS);
    }
    say(format_args!(
        "Wrote and verified {place}: {} in {}.",
        counted(written.rows(), "row", "rows"),
        counted(written.tables.len(), "table", "tables")
    ));
    remark("The backup does not contain the secret key. Store the key separately.");
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn restore(config: Config, args: RestoreArgs) -> anyhow::Result<ExitCode> {
    let identity = args.identity.as_deref();
    if let Some(folder) = &args.log {
        let from = LogSource { folder, identity, at: args.at };
        let restored = COPIER.restore_log(&config, from).await?;
        let code = report(&restored.file, "Restored", args.json);
        remark(restored.words());
        return Ok(if restored.unused.is_none() { code } else { ExitCode::FAILURE });
    }
    let file = args.path.as_deref().unwrap_or(Path::new(""));
    let from = Source { file, identity };
    if let Some(into) = &args.into {
        return restore_part(from, &args, into).await;
    }
    let bar = Bar::new();
    let restored = COPIER.restore(&config, from, |table, rows| bar.show(table, rows)).await;
    bar.finish();
    let code = report(&restored?, "Restored", args.json);
    if !args.json {
        remark("Start the server with the secret key of the original installation.");
    }
    Ok(code)
}

async fn restore_part(
    from: Source<'_>,
    args: &RestoreArgs,
    into: &Path,
) -> anyhow::Result<ExitCode> {
    let wanted = match (args.person, args.tables.as_slice()) {
        (Some(person), _) => Wanted::Person(person),
        (None, []) => anyhow::bail!("name what to restore into the file: `--tables` or `--person`"),
        (None, tables) => Wanted::Tables(tables.to_vec()),
    };
    let tables = COPIER.extract(from, &wanted, into).await?;
    let taken = BackupFile { tables, mismatches: Vec::new() };
    if args.json {
        say(
            serde_json::json!({ "path": into, "rows": taken.rows(), "tables": rows_by_table(&taken.tables) }),
        );
        return Ok(ExitCode::SUCCESS);
    }
    say(format_args!(
        "Wrote {}: {} in {}.",
        into.display(),
        counted(taken.rows(), "row", "rows"),
        counted(taken.tables.len(), "table", "tables")
    ));
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn move_to(config: Config, args: MoveArgs) -> anyhow::Result<ExitCode> {
    place::must_exist(&config)?;
    let to = config.other_database(&args.to)?;
    let bar = Bar::new();
    let moved = COPIER.move_to(&config, &to, |table, rows| bar.show(table, rows)).await;
    bar.finish();
    let moved = moved?;
    let code = report(&moved, "Moved", args.json);
    if !args.json && moved.mismatches.is_empty() {
        remark(
            "The old database is now read-only. Set DATABASE_URL to the new one before you start the server.",
        );
    }
    Ok(code)
}

/// Prints the result; returns failure when the copied ledger is inconsistent.
fn report(kept: &BackupFile, verb: &str, json: bool) -> ExitCode {
    if json {
        say(serde_json::json!({
            "rows": kept.rows(), "tables": rows_by_table(&kept.tables), "mismatches": kept.mismatches,
        }));
    } else {
        say(format_args!(
            "{verb} {} in {}.",
            counted(kept.rows(), "row", "rows"),
            counted(kept.tables.len(), "table", "tables")
        ));
        say(match kept.mismatches.len() {
            0 => "All points, totals and leaderboards are correct.".to_owned(),
            count => format!(
                "The ledger has {}. List them with `guildhall ledger verify`.",
                counted(count, "mismatch", "mismatches")
            ),
        });
    }
    if kept.mismatches.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn rows_by_table(tables: &[Copied]) -> serde_json::Map<String, serde_json::Value> {
    let entry = |table: &Copied| (table.table.clone(), table.rows.into());
    tables.iter().map(entry).collect()
}

/// A progress bar on terminals.
struct Bar(indicatif::ProgressBar);

impl Bar {
    fn new() -> Self {
        Self(indicatif::ProgressBar::new_spinner())
    }

    fn show(&self, table: &str, rows: i64) {
        self.0.set_message(format!("{table}: {rows} rows"));
    }

    fn finish(&self) {
        self.0.finish_and_clear();
    }
}
