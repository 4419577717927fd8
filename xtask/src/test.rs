//! `cargo xtask test`: everything, on both engines, with what it needs fetched.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{ExitCode, Stdio},
};

use anyhow::{Context, Result};
use clap::{Args, builder::FalseyValueParser};

use crate::{
    check,
    judges::{self, Surroundings},
    planted,
    postgres::{self, Manner, Postgres},
    process::{cargo, shown},
    redis::{self, Redis},
    tally::Tally,
    workspace::Workspace,
};

/// What to run, and how.
#[derive(Args)]
pub(crate) struct Options {
    /// Install nothing; name what is missing instead.
    #[arg(long)]
    no_install: bool,
    /// Only these parts: check, unit, sqlite, postgres, judges, or a judge's name.
    #[arg(long, value_delimiter = ',', value_name = "PART")]
    only: Vec<String>,
    /// Keep PostgreSQL's files and the judges' data folders.
    #[arg(long)]
    keep: bool,
    /// Let the throw-away PostgreSQL write through to the disk.
    #[arg(long)]
    fsync: bool,
    /// Take this guildhall instead of building one.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// What is left out is a failure.
    #[arg(long, env = "CI", value_parser = FalseyValueParser::new(), hide_env_values = true)]
    ci: bool,
}

impl Options {
    fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.names(part)
    }

    fn names(&self, part: &str) -> bool {
        self.only.iter().any(|wanted| wanted == part)
    }

    fn judges(&self) -> Vec<&'static judges::Judge> {
        let wanted = |judge: &&judges::Judge| self.wants("judges") || self.names(judge.name);
        judges::ALL.iter().filter(wanted).collect()
    }

    fn refuse_unknown_parts(&self) -> Result<()> {
        let known = |part: &str| {
            ["check", "unit", "sqlite", "postgres", "judges"].contains(&part)
                || judges::ALL.iter().any(|judge| judge.name == part)
        };
        match self.only.iter().find(|part| !known(part)) {
            None => Ok(()),
            Some(part) => {
                anyhow::bail!("there is no part `{part}`: `cargo xtask test --help` lists them")
            }
        }
    }
}

/// What the tests find around them.
#[derive(Clone, Copy)]
struct Around<'a> {
    /// Where their logs go.
    logs: &'a Path,
    /// The Redis that was started for them.
    redis: Option<&'a Redis>,
}

/// Runs what is wanted and prints the account.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    options.refuse_unknown_parts()?;
    let mut tally = Tally::default();
    if options.wants("check") {
        let strictness = check::Options {
            no_install: options.no_install,
            ci: options.ci,
            only: Vec::new(),
        };
        check::run(workspace, &strictness, &mut tally);
    }
    let logs = planted::fresh(&workspace.target)?;
    let runs_tests = ["sqlite", "postgres"]
        .iter()
        .any(|part| options.wants(part));
    let redis = (runs_tests || options.names("unit"))
        .then(|| start_redis(options, &mut tally))
        .flatten();
    let around = Around {
        logs: &logs,
        redis: redis.as_ref(),
    };
    if options.names("unit") {
        cargo_test(
            &mut tally,
            &["--workspace", "--lib", "--bins"],
            around,
            None,
        );
    }
    if options.wants("sqlite") {
        cargo_test(&mut tally, &["--workspace"], around, None);
    }
    let judges = options.judges();
    if options.wants("postgres") || !judges.is_empty() {
        with_postgres(workspace, options, &judges, around, &mut tally);
    }
    if options.wants("sqlite") || options.wants("postgres") {
        tally.step("no log holds a secret", planted::look(&logs));
    }
    Ok(tally.finish(options.ci))
}

/// Redis that is missing is left out; one that does not start is a failure.
fn start_redis(options: &Options, tally: &mut Tally) -> Option<Redis> {
    match redis::program_or_install(!options.no_install) {
        Err(error) => tally.leave_out(format!("rates counted through Redis: {error:#}")),
        Ok(program) => match Redis::start(&program) {
            Ok(redis) => return Some(redis),
            Err(error) => tally.fail(1, format!("{error:#}")),
        },
    }
    None
}

fn with_postgres(
    workspace: &Workspace,
    options: &Options,
    judges: &[&judges::Judge],
    around: Around<'_>,
    tally: &mut Tally,
) {
    let postgres = start_postgres(workspace, options, tally);
    if let Some(postgres) = postgres.as_ref().filter(|_| options.wants("postgres")) {
        integration_tests(workspace, postgres, around, tally);
    }
    let surroundings = Surroundings {
        workspace,
        postgres: postgres.as_ref(),
        install: !options.no_install,
        keep: options.keep,
        binary: options.binary.as_deref(),
    };
    judges::run(&surroundings, judges, tally);
}

/// PostgreSQL that is missing is left out; one that does not start is a failure.
fn start_postgres(workspace: &Workspace, options: &Options, tally: &mut Tally) -> Option<Postgres> {
    let manner = Manner {
        durable: options.fsync,
        keep: options.keep,
    };
    match postgres::programs_or_install(!options.no_install) {
        Err(error) => tally.leave_out(format!("everything on PostgreSQL: {error:#}")),
        Ok(programs) => match Postgres::start(workspace, &programs, manner) {
            Ok(postgres) => return Some(postgres),
            Err(error) => tally.fail(1, format!("{error:#}")),
        },
    }
    None
}

/// The integration tests of all rooms live in one binary, `it`.
fn integration_tests(
    workspace: &Workspace,
    postgres: &Postgres,
    around: Around<'_>,
    tally: &mut Tally,
) {
    if workspace.has_test("it") {
        // The whole workspace is named so that nothing is built a second time with other features.
        cargo_test(
            tally,
            &["--workspace", "--test", "it"],
            around,
            Some(&postgres.url("postgres")),
        );
    } else {
        tally.leave_out("integration tests on PostgreSQL: no crate has a test called `it`");
    }
}

/// Runs `cargo test`, shows what it says, and counts its results.
fn cargo_test(
    tally: &mut Tally,
    arguments: &[&str],
    Around { logs, redis }: Around<'_>,
    database: Option<&str>,
) {
    let mut command = cargo();
    command
        .args(["test", "--locked", "--no-fail-fast"])
        .args(arguments);
    command
        .env("RUST_LIB_BACKTRACE", "0")
        .env("TEST_LOGS", logs)
        .env_remove("DATABASE_URL")
        .env_remove("TEST_DATABASE_URL")
        .env_remove("REDIS_URL")
        .env_remove("TEST_REDIS_URL");
    if let Some(redis) = redis {
        command
            .env("TEST_REDIS_URL", redis.url())
            .env("TEST_REDIS_SERVER", redis.program());
    }
    if let Some(url) = database {
        command.env("TEST_DATABASE_URL", url);
    }
    let name = format!(
        "{}{}",
        shown(&command),
        if database.is_some() {
            " (PostgreSQL)"
        } else {
            " (SQLite)"
        }
    );
    println!("$ {name}");
    match counted(command) {
        Err(error) => tally.fail(1, format!("{name}: {error:#}")),
        Ok(count) => {
            tally.passed(count.passed);
            if !count.succeeded {
                tally.fail(count.failed.max(1), name);
            }
        }
    }
}

#[derive(Default)]
struct Count {
    passed: u64,
    failed: u64,
    succeeded: bool,
}

fn counted(mut command: std::process::Command) -> Result<Count> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let output = child
        .stdout
        .take()
        .context("cargo's output is not at hand")?;
    let mut count = Count::default();
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        if let Some((passed, failed)) = results(&line) {
            count.passed += passed;
            count.failed += failed;
        }
    }
    count.succeeded = child.wait()?.success();
    Ok(count)
}

/// Reads `test result: ok. 12 passed; 1 failed; …`.
fn results(line: &str) -> Option<(u64, u64)> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number = |word: &str| {
        let part = counts.split("; ").find(|part| part.ends_with(word))?;
        part.split(' ').next()?.parse().ok()
    };
    Some((number(" passed")?, number(" failed")?))
}

#[cfg(test)]
mod tests {
    use super::results;

    #[test]
    fn results_are_read_from_cargos_words() {
        let line = "test result: FAILED. 12 passed; 1 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.01s";
        assert_eq!(results(line), Some((12, 1)));
        assert_eq!(results("running 3 tests"), None);
    }
}
