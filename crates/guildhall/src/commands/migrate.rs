use anyhow::bail;
use platform::{
    config::Config,
    db::{Db, Migrations as _, SchemaStatus},
};
use serde_json::json;

use super::{place, say};
use crate::{MODULES, Migrator};

/// Subcommands of `migrate`.
#[derive(Clone, Copy, Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List applied and pending migrations
    #[command(after_help = "Example:\n  guildhall migrate status --json")]
    Status {
        /// Print the result as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Apply pending migrations
    #[command(
        after_help = "Examples:\n  guildhall migrate up --dry-run --json\n  guildhall migrate up --create --data-dir /var/lib/guildhall"
    )]
    Up {
        /// List the migrations without applying them, with the tables that each locks and the time that it takes
        #[arg(long)]
        dry_run: bool,
        /// Print what the dry run lists as one JSON array
        #[arg(long, requires = "dry_run")]
        json: bool,
        /// Create the installation if it does not exist yet
        #[arg(long)]
        create: bool,
    },
}

pub(super) async fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    let (creates, is_dry) = match command {
        Command::Status { .. } => (false, false),
        Command::Up { dry_run, create, .. } => (create, dry_run),
    };
    if !creates {
        place::must_exist(config)?;
    }
    if is_dry && !place::may_be_there(config)? {
        let all = Migrator::migrations();
        if let Command::Up { json: true, .. } = command {
            let all =
                all.iter().map(|one| json!({ "version": one.name(), "change": one.change() }));
            say(json!(all.collect::<Vec<_>>()));
        } else {
            list("would apply", all.iter().map(|migration| migration.name()));
        }
        return Ok(());
    }
    if creates && !is_dry {
        std::fs::create_dir_all(&config.data_dir)?;
    }
    let db = Db::connect(&config.database()?).await?;
    let done = on(config, &db, command).await;
    db.close().await;
    done
}

async fn on(config: &Config, db: &Db, command: Command) -> anyhow::Result<()> {
    let status = db.schema_status(&Migrator::migrations()).await?;
    status.known()?;
    match command {
        Command::Status { json } => print(&status, json),
        Command::Up { create: false, .. } if status.applied.is_empty() => {
            bail!(place::missing(config));
        }
        Command::Up { dry_run: true, json, .. } => {
            let planned = db.plan(&Migrator::migrations(), &status.pending).await?;
            if json {
                say(json!(planned));
            } else if status.applied.is_empty() {
                list("would apply", &status.pending);
            } else {
                for one in planned {
                    say(format_args!("would apply {}\n{one}", one.version));
                }
            }
        }
        Command::Up { .. } => {
            db.refuse_foreign(&MODULES.table_names()).await?;
            let applied = db.migrate::<Migrator>().await?;
            list("applied", &applied);
            if applied.is_empty() {
                say("The schema is up to date.");
            }
        }
    }
    Ok(())
}

fn print(status: &SchemaStatus, json: bool) {
    if json {
        let SchemaStatus { applied, pending, unknown, .. } = status;
        say(json!({ "applied": applied, "pending": pending, "newer": unknown }));
        return;
    }
    list("applied ", &status.applied);
    list("pending ", &status.pending);
    list("newer   ", &status.unknown);
}

fn list(word: &str, versions: impl IntoIterator<Item = impl std::fmt::Display>) {
    for version in versions {
        say(format_args!("{word} {version}"));
    }
}
