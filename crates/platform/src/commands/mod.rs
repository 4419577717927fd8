//! Commands for alerts, email, the read-only state, the documentation of the tables and packages, and the groups of commands to which
//! modules add theirs.

mod alert;
mod mail;
mod maintenance;
mod probe;
mod schema;
mod shell;
mod sync;

use crate::command::Command;

/// The commands of the platform.
pub(crate) const COMMANDS: &[Command] = &[
    Command::of::<alert::Alert>(),
    Command::of::<mail::Mail>(),
    Command::of::<maintenance::Maintenance>(),
    Command::of::<schema::Schema>(),
    Command { is_single_threaded: true, ..Command::of::<probe::Probe>() },
    Command { is_single_threaded: true, ..Command::of::<shell::Man>() },
    Command { is_single_threaded: true, ..Command::of::<shell::Completions>() },
    Command::group(sync::describe),
    Command { part_of: Some(sync::NAME), ..Command::of::<sync::All>() },
    Command::group(backfill),
];

/// Describes the group of backfills.
fn backfill() -> clap::Command {
    clap::Command::new("backfill")
        .about("Recompute derived data in batches. Can be stopped and repeated")
        .subcommand_required(true)
        .arg_required_else_help(true)
}
