//! `cargo xtask fuzz`: runs every fuzz target on many inputs, guided by the code that they reach.
//!
//! The targets are ordinary tests with `bolero::check!`. Here they are built with coverage counters and linked to
//! libFuzzer, whose source comes with bolero. The counters are a pass of the stable compiler, so this needs no other
//! toolchain; libFuzzer needs a C++ compiler.

mod build;
mod folders;
pub(crate) mod targets;

use std::{
    fs::{self, File},
    num::NonZero,
    process::{Command, ExitCode, Stdio},
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Instant,
};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;
use xtask::{tally::Tally, workspace::Workspace};

use self::{
    build::Programs,
    folders::{Folders, PROGRAM},
    targets::Target,
};

/// Options of `cargo xtask fuzz`.
#[derive(Args)]
pub(crate) struct Options {
    /// Run only the targets whose names contain one of these texts.
    #[arg(long, value_delimiter = ',', value_name = "TARGET")]
    only: Vec<String>,
    /// The number of inputs that each target gets.
    #[arg(long, default_value_t = 1_000_000, value_name = "NUMBER")]
    iterations: u64,
    /// Print the names of the targets and exit.
    #[arg(long)]
    list: bool,
}

/// The longest input, in bytes.
const LONGEST: usize = 4_096;
/// The time after which an input counts as a failure, in seconds.
const PATIENCE: u64 = 10;
/// The memory with which an input counts as a failure, in MiB.
const MEMORY: u64 = 1_024;

/// Builds and runs the wanted targets, and keeps the inputs that reach new code or fail.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let all = targets::of_workspace(workspace)?;
    let is_wanted = |target: &&Target| {
        let named = |part: &String| target.name().contains(part.as_str());
        options.only.is_empty() || options.only.iter().any(named)
    };
    let targets: Vec<Target> = all.iter().filter(is_wanted).cloned().collect();
    ensure!(
        !targets.is_empty(),
        "no target has such a name: `cargo xtask fuzz --list` prints all names"
    );
    if options.list {
        targets.iter().for_each(|target| println!("{}", target.name()));
        return Ok(ExitCode::SUCCESS);
    }
    let mut tally = Tally::default();
    // All of them are built, so that nothing is compiled again with other features.
    let programs = Programs::build(workspace, &all)?;
    tally.time("building the targets");
    let fuzz = |target: &Target| fuzz(workspace, &programs, target, options.iterations);
    for_each(&targets, fuzz, |target, outcome| {
        let name = target.name();
        if let Ok(said) = &outcome {
            println!("{name}: {said}");
        }
        tally.step(&name, outcome.map(drop));
    });
    Ok(tally.finish(false))
}

/// Runs one target per processor at a time, and reports each outcome when it is known.
fn for_each(
    targets: &[Target],
    fuzz: impl Fn(&Target) -> Result<String> + Sync,
    mut report: impl FnMut(&Target, Result<String>),
) {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let (next, (sender, outcomes)) = (AtomicUsize::new(0), mpsc::channel());
    thread::scope(|scope| {
        for _ in 0..processors {
            let (sender, next, fuzz) = (sender.clone(), &next, &fuzz);
            scope.spawn(move || {
                while let Some(target) = targets.get(next.fetch_add(1, Ordering::SeqCst)) {
                    // The receiver lives until every sender is gone.
                    let _ = sender.send((target, fuzz(target)));
                }
            });
        }
        drop(sender);
        for (target, outcome) in outcomes {
            report(target, outcome);
        }
    });
}

/// Runs one target; returns a summary for people.
fn fuzz(
    workspace: &Workspace,
    programs: &Programs,
    target: &Target,
    inputs: u64,
) -> Result<String> {
    let folders = Folders::prepare(workspace, target, programs.of(target)?)?;
    let start = Instant::now();
    let limits =
        format!("-runs={inputs} -max_len={LONGEST} -timeout={PATIENCE} -rss_limit_mb={MEMORY}");
    let arguments = format!("grown kept {limits} -artifact_prefix=failed/ -print_final_stats=1");
    let has_passed = libfuzzer(target, &folders, &arguments, "fuzz.log")?;
    let failed = folders.keep_failures()?;
    if !has_passed {
        let log = folders.log("fuzz.log");
        bail!(
            "an input fails; it is kept in {failed}, where `cargo test` runs it again. The failure:\n{}",
            ending(&fs::read_to_string(&log)?)
        );
    }
    let seconds = start.elapsed().as_secs_f64();
    // Keeps the fewest inputs that reach the same code, however often each reaches it.
    let arguments =
        format!("-merge=1 -set_cover_merge=1 -use_counters=0 -max_len={LONGEST} kept grown");
    ensure!(
        libfuzzer(target, &folders, &arguments, "merge.log")?,
        "the new inputs could not be compared: see {}",
        folders.log("merge.log").display()
    );
    let (new, all) = folders.keep_new()?;
    Ok(format!(
        "{inputs} inputs in {seconds:.0} s; {new} of them reach new code and are kept, {all} in all"
    ))
}

/// Runs libFuzzer in the target's folder; returns whether no input failed.
fn libfuzzer(target: &Target, folders: &Folders, arguments: &str, log: &str) -> Result<bool> {
    let path = folders.log(log);
    let log = File::create(&path)?;
    let test = target.test();
    let mut command = Command::new(format!("./{PROGRAM}"));
    command
        .args([&*test, "--exact", "--nocapture", "--test-threads=1"])
        .current_dir(&folders.work)
        .env("BOLERO_LIBFUZZER_ARGS", arguments)
        // libFuzzer compares inputs in a second process, which it starts by these names.
        .envs([("BOLERO_LIBTEST_HARNESS", "1"), ("BOLERO_TEST_NAME", &test)])
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log);
    let status = command.status().context("cannot start a fuzz target")?;
    let said = fs::read(&path)?;
    ensure!(
        String::from_utf8_lossy(&said).contains("INFO: "),
        "libFuzzer did not start: see {}",
        path.display()
    );
    Ok(status.success())
}

/// Returns the part of a log that says what failed.
fn ending(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    let is_start = |line: &&str| line.contains("test failed") || line.contains("ERROR: libFuzzer");
    let from = lines.iter().position(is_start).unwrap_or(0);
    let rest = &lines[from..];
    rest[..rest.len().min(40)].join("\n")
}
