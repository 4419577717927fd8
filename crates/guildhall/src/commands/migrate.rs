use platform::{config::Config, db::Db};

use sea_orm_migration::MigratorTrait as _;

use super::{place, say};
use crate::Migrator;

/// Subcommands of `migrate`.
#[derive(Clone, Copy, Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List applied and pending migrations
    #[command(after_help = "Example:\n  guildhall migrate status")]
    Status,
    /// Apply pending migrations
    #[command(after_help = "Example:\n  guildhall migrate up --dry-run")]
    Up {
        /// List the migrations without applying them
        #[arg(long)]
        dry_run: bool,
    },
}

pub(super) async fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    if let Command::Up { dry_run: true } = command
        && !place::may_be_there(config)?
    {
        Migrator::migrations()
            .iter()
            .for_each(|migration| say(format_args!("would apply {}", migration.name())));
        return Ok(());
    }
    if let Command::Up { .. } = command {
        std::fs::create_dir_all(&config.data_dir)?;
    }
    let db = Db::connect(&config.database()?).await?;
    let status = db.schema_status(&Migrator::migrations()).await?;
    match command {
        Command::Status => {
            let groups = [
                ("applied", &status.applied),
                ("pending", &status.pending),
                ("unknown", &status.unknown),
            ];
            for (word, versions) in groups {
                versions
                    .iter()
                    .for_each(|version| say(format_args!("{word:8} {version}")));
            }
        }
        Command::Up { dry_run: true } => {
            status
                .pending
                .iter()
                .for_each(|version| say(format_args!("would apply {version}")));
        }
        Command::Up { dry_run: false } => {
            let applied = db.migrate::<Migrator>().await?;
            applied
                .iter()
                .for_each(|version| say(format_args!("applied {version}")));
            if applied.is_empty() {
                say("The schema is up to date.");
            }
        }
    }
    db.close().await;
    Ok(())
}
