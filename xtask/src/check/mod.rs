//! `cargo xtask check`: checks that need no running program.

mod codes;
mod comments;
mod cycles;
mod deny;
mod layers;
mod lock;
mod parsers;
mod programme;
pub(crate) mod rust;
mod schemas;
mod secrets;
mod sizes;
pub(crate) mod sources;
mod sql;
mod tables;
mod units;
mod words;

use anyhow::Result;
use clap::{Args, builder::FalseyValueParser};

use self::sources::Source;
use xtask::{
    process::{cargo, succeed},
    tally::Tally,
    workspace::Workspace,
};

/// Checks of the tracked files: the name for `--only`, the title and the function.
const OF_FILES: &[(&str, &str, OfFiles)] = &[
    ("layers", "which crate may use which", layers::check),
    ("cycles", "no import cycles", cycles::check),
    ("tables", "one owner for each table", tables::check),
    ("schemas", "one type for each schema", schemas::check),
    ("sql", "SQL only in store and reads", sql::check),
    ("codes", "unknown codes in rows are errors", codes::check),
    ("parsers", "a fuzz target for each parser", parsers::check),
    ("units", "a program for each unit test", units::check),
    ("sizes", "sizes", sizes::check),
    ("programme", "what a new programme edits", programme::check),
    ("secrets", "no secret in a file", secrets::check),
    ("words", "plain words", words::check),
    ("comments", "no comment restates a name", comments::check),
];

type OfFiles = fn(&Tree) -> Result<()>;

/// The input of file checks.
struct Tree<'a> {
    workspace: &'a Workspace,
    files: &'a [Source],
}

/// Which steps to run, and how strictly.
#[derive(Args)]
pub(crate) struct Options {
    /// Install nothing; name what is missing instead.
    #[arg(long)]
    pub(crate) no_install: bool,
    /// Count each step left out as a failure.
    #[arg(long, env = "CI", value_parser = FalseyValueParser::new(), hide_env_values = true)]
    pub(crate) ci: bool,
    /// Only these steps.
    #[arg(long, value_delimiter = ',', value_name = "NAME", value_parser = step_names())]
    pub(crate) only: Vec<String>,
}

impl Options {
    fn wants(&self, step: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == step)
    }
}

/// Returns the names of all steps except clippy.
pub(crate) fn without_clippy() -> Vec<String> {
    let others = step_names().into_iter().filter(|name| *name != "clippy");
    others.map(str::to_owned).collect()
}

fn step_names() -> Vec<&'static str> {
    let of_files = OF_FILES.iter().map(|(name, ..)| *name);
    ["format", "lock"].into_iter().chain(of_files).chain(["deny", "clippy"]).collect()
}

/// Runs every wanted check, even after one has failed.
pub(crate) fn run(workspace: &Workspace, options: &Options, tally: &mut Tally) {
    if options.wants("format") {
        let arguments = ["fmt", "--all", "--check", "--", "-l"];
        tally.step("formatting", succeed(cargo().args(arguments)));
    }
    if options.wants("lock") {
        tally.step("crates and registries", lock::check(workspace));
    }
    of_files(workspace, options, tally);
    if options.wants("deny") {
        deny::check(workspace, options, tally);
    }
    if options.wants("clippy") {
        tally.step("clippy", clippy());
    }
}

fn of_files(workspace: &Workspace, options: &Options, tally: &mut Tally) {
    let files = match sources::tracked(workspace) {
        Ok(files) => files,
        Err(error) => return tally.fail(1, format!("{error:#}")),
    };
    let tree = Tree { workspace, files: &files };
    for (name, title, check) in OF_FILES {
        if options.wants(name) {
            tally.step(title, check(&tree));
        }
    }
}

fn clippy() -> Result<()> {
    let arguments = [
        "clippy",
        "--workspace",
        "--bins",
        "--tests",
        "--locked",
        "--quiet",
        "--",
        "--deny",
        "warnings",
    ];
    succeed(cargo().args(arguments))
}

/// Turns complaints into a result.
fn none_of(complaints: &[String]) -> Result<()> {
    anyhow::ensure!(complaints.is_empty(), "\n  {}", complaints.join("\n  "));
    Ok(())
}
