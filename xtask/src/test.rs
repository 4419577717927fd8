//! `cargo xtask test`: runs all tests on both engines, and fetches what they need.

use std::{
    collections::BTreeSet,
    num::NonZero,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    thread::{self, JoinHandle},
};

use anyhow::{Result, anyhow};
use clap::{Args, builder::FalseyValueParser};
use xtask::{
    GROUPS, Group,
    counted::{Counted, Ignored},
    fetch, judges,
    postgres::{self, Manner, Postgres},
    process::succeed,
    tally::Tally,
    workspace::Workspace,
};

use crate::{
    check, compiler::Compiler, planted, programs::Program, since::Concerned, tools::Tools,
};

/// Options of `cargo xtask test`.
#[derive(Args)]
pub(crate) struct Options {
    /// Install nothing; report what is missing.
    #[arg(long)]
    no_install: bool,
    /// Run only these parts: check, unit, sqlite, postgres, vectors, judges, or a judge's name.
    #[arg(long, value_delimiter = ',', value_name = "PART")]
    only: Vec<String>,
    /// Run only the checks, and the tests and judges of the crates that differ from this commit or depend on those that do.
    #[arg(long, value_name = "COMMIT", conflicts_with_all = ["only", "list"])]
    since: Option<String>,
    /// Print the names of all tests instead of running them.
    #[arg(long)]
    list: bool,
    /// Keep PostgreSQL's files and the judges' data folders.
    #[arg(long)]
    keep: bool,
    /// Let the temporary PostgreSQL sync its writes to the disk.
    #[arg(long)]
    fsync: bool,
    /// Run only the steps of the judges whose name contains this text.
    #[arg(long, value_name = "TEXT", default_value = "")]
    step: String,
    /// Test this binary instead of building one.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Count every test that is left out as a failure.
    #[arg(long, env = "CI", value_parser = FalseyValueParser::new(), hide_env_values = true)]
    ci: bool,
}

const PARTS: [&str; 6] = ["check", "unit", "sqlite", "postgres", "vectors", "judges"];

impl Options {
    fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.names(part)
    }

    fn names(&self, part: &str) -> bool {
        self.only.iter().any(|wanted| wanted == part)
    }

    fn judges(&self, concerned: Option<&Concerned>) -> Vec<&'static str> {
        let wanted = |judge: &&str| match concerned {
            Some(concerned) => concerned.judges.contains(judge),
            None => self.wants("judges") || self.names(judge),
        };
        judges().filter(wanted).collect()
    }

    /// Returns the options for the named steps of the check, or all if there are none.
    fn check(&self, only: Vec<String>) -> check::Options {
        check::Options { no_install: self.no_install, ci: self.ci, only }
    }

    fn manner(&self) -> Manner {
        Manner { durable: self.fsync, keep: self.keep }
    }

    fn refuse_unknown_parts(&self) -> Result<()> {
        let known = |part: &&str| PARTS.contains(part) || judges().any(|judge| judge == *part);
        match self.only.iter().find(|part| !known(&part.as_str())) {
            None => Ok(()),
            Some(part) => {
                anyhow::bail!("unknown part `{part}`: see `cargo xtask test --help`")
            }
        }
    }
}

/// Runs the selected parts and prints the results.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    options.refuse_unknown_parts()?;
    if options.list {
        return list();
    }
    let concerned = options.since.as_ref().map(|commit| Concerned::since(workspace, commit));
    let concerned = concerned.transpose()?;
    let mut tally = Tally::default();
    let mut compiler = Compiler::Plain;
    // Install packages while everything is compiled.
    let fetching =
        (options.only.is_empty() && !options.no_install).then(|| thread::spawn(fetch::debian));
    if options.only.is_empty() {
        check::run(workspace, &options.check(check::without_clippy()), &mut tally);
        compiler = linted(&mut tally);
    } else if options.wants("check") {
        check::run(workspace, &options.check(Vec::new()), &mut tally);
    }
    if let Some(Ok(Err(error))) = fetching.map(thread::JoinHandle::join) {
        println!("{error:#}; installing missing tools one by one");
    }
    let judges = options.judges(concerned.as_ref());
    let judges = if are_built(&judges, compiler, &mut tally) { judges } else { Vec::new() };
    let start = |waits| groups(workspace, options, &judges, waits);
    let beside = start(true);
    tests(workspace, options, compiler, concerned.as_ref(), &mut tally)?;
    for (group, running) in beside.into_iter().chain(start(false)) {
        let outcome = running.join().unwrap_or_else(|_| Err(anyhow!("its thread panicked")));
        tally.counted(&format!("group of judges: {group}"), outcome);
    }
    Ok(tally.finish(options.ci))
}

/// Prints the name of every test, a line each, so that the tests of two commits can be compared.
fn list() -> Result<ExitCode> {
    for program in Program::build_all(Compiler::Plain)? {
        program.tests()?.iter().for_each(|test| println!("{test}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs clippy while it builds everything. Returns how the tests are compiled: if it complains, without it.
fn linted(tally: &mut Tally) -> Compiler {
    let built = succeed(&mut Compiler::Linting.build());
    let compiler = match built {
        Ok(()) => Compiler::Linting,
        Err(_) => Compiler::Plain,
    };
    tally.step("clippy, and all programs are built", built);
    compiler
}

fn tests(
    workspace: &Workspace,
    options: &Options,
    compiler: Compiler,
    concerned: Option<&Concerned>,
    tally: &mut Tally,
) -> Result<()> {
    if !["unit", "sqlite", "postgres", "vectors"].iter().any(|part| options.wants(part)) {
        return Ok(());
    }
    let built = Program::build_all(compiler);
    let programs = built.as_deref().unwrap_or_default().to_owned();
    tally.step("all test programs are built", built.map(drop));
    let (whole, units): (Vec<_>, Vec<_>) = programs.into_iter().partition(Program::is_whole);
    let names = concerned.and_then(|concerned| concerned.tests.as_ref());
    let names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
    let is_concerned =
        |unit: &Program| concerned.is_none_or(|all| all.packages.contains(&unit.package));
    let units: Vec<Program> = units.into_iter().filter(is_concerned).collect();
    let logs = planted::fresh(&workspace.target)?;
    let tools = Tools::find(workspace, !options.no_install);
    let tests = Tests { logs: &logs, tools: &tools, postgres: None };
    if options.wants("unit") || options.wants("sqlite") {
        tests.run("unit tests", &units, &[], tally);
    }
    if concerned.is_none() && (options.wants("unit") || options.wants("sqlite")) {
        let mut examples = compiler.cargo();
        examples.args(["test", "--locked", "--workspace", "--doc"]);
        tally.counted("examples in comments", Counted::of(examples));
    }
    // No integration test is concerned by a change of documents.
    if concerned.is_some_and(|all| all.tests.as_ref().is_some_and(BTreeSet::is_empty)) {
        return Ok(());
    }
    if options.wants("sqlite") {
        tests.run("integration tests", &whole, &names, tally);
    }
    if options.wants("postgres")
        && let Some(postgres) = start_postgres(workspace, options, tally)
    {
        let postgres = Some(&postgres);
        Tests { postgres, ..tests }.run("integration tests", &whole, &names, tally);
    }
    if options.wants("vectors")
        && (names.is_empty() || names.contains(&"discovery::"))
        && let Some(postgres) = start_postgres_with_vectors(workspace, options, tally)
    {
        let postgres = Some(&postgres);
        let vectors = ["discovery::vectors::"];
        Tests { postgres, ..tests }.count("tests of vectors", &whole, &vectors, tally);
    }
    if options.wants("sqlite") || options.wants("postgres") {
        tally.step("no log contains a secret", planted::look(&logs));
    }
    Ok(())
}

/// Starts PostgreSQL for the tests.
fn start_postgres(workspace: &Workspace, options: &Options, tally: &mut Tally) -> Option<Postgres> {
    let found = postgres::programs_or_install(!options.no_install);
    let start = |programs: PathBuf| Postgres::start(workspace, &programs, options.manner());
    started("tests on PostgreSQL", found.map(start), tally)
}

/// Starts PostgreSQL with the extension `vector` for the tests.
fn start_postgres_with_vectors(
    workspace: &Workspace,
    options: &Options,
    tally: &mut Tally,
) -> Option<Postgres> {
    let found = fetch::postgres_with_vectors(workspace, !options.no_install);
    let start = |own| Postgres::start_copy(workspace, &own, options.manner());
    let tests = "tests on PostgreSQL with the extension `vector`";
    started(tests, found.map(start), tally)
}

/// Returns PostgreSQL if it has started. Its tests are left out if it is missing; a failure to start is a failure.
fn started(tests: &str, found: Result<Result<Postgres>>, tally: &mut Tally) -> Option<Postgres> {
    match found {
        Err(error) => tally.leave_out(format!("{tests}: {error:#}")),
        Ok(Err(error)) => tally.fail(1, format!("{error:#}")),
        Ok(Ok(postgres)) => return Some(postgres),
    }
    None
}

/// Builds what the judges run: the programs as built for the tests, so that nothing is compiled again with other features.
fn are_built(judges: &[&str], compiler: Compiler, tally: &mut Tally) -> bool {
    if judges.is_empty() {
        return false;
    }
    let built = succeed(&mut compiler.build());
    let are_built = built.is_ok();
    tally.step("all programs are built", built);
    are_built
}

/// Starts the groups that wait, or those that do not, with these judges.
fn groups(
    workspace: &Workspace,
    options: &Options,
    judges: &[&'static str],
    waits: bool,
) -> Vec<(String, JoinHandle<Result<Counted>>)> {
    let wanted = |group: &Group| -> Vec<&str> {
        group.judges.iter().copied().filter(|judge| judges.contains(judge)).collect()
    };
    let groups = GROUPS.iter().filter(|group| group.waits == waits).map(wanted);
    let start = |group: Vec<&str>| {
        let rig = rig(workspace, options, &group);
        (group.join(", "), thread::spawn(|| Counted::buffered(rig)))
    };
    groups.filter(|group| !group.is_empty()).map(start).collect()
}

/// Returns the command that runs these judges.
fn rig(workspace: &Workspace, options: &Options, judges: &[&str]) -> Command {
    let mut rig = Command::new(workspace.target.join("debug/rig"));
    let binary = || workspace.target.join("debug/guildhall");
    rig.args(["judges", "--only", &judges.join(","), "--binary"]);
    rig.arg(options.binary.clone().unwrap_or_else(binary));
    if !options.step.is_empty() {
        rig.args(["--step", &options.step]);
    }
    for (is_wanted, flag) in [(options.keep, "--keep"), (options.no_install, "--no-install")] {
        if is_wanted {
            rig.arg(flag);
        }
    }
    rig
}

/// Returns the number of tests that run at once: more than processors, because some tests wait for programs and timers.
fn threads() -> usize {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    processors + processors.div_ceil(2)
}

/// The tests on one engine.
#[derive(Clone, Copy)]
struct Tests<'a> {
    /// The folder of their logs.
    logs: &'a Path,
    tools: &'a Tools,
    /// The cluster they run on; `None` for SQLite.
    postgres: Option<&'a Postgres>,
}

impl Tests<'_> {
    fn engine(&self) -> &'static str {
        self.postgres.map_or("SQLite", |_| "PostgreSQL")
    }

    /// Runs the tests of these programs whose names contain one of `names`, then the ignored tests whose needs are met.
    fn run(&self, title: &str, programs: &[Program], names: &[&str], tally: &mut Tally) {
        let ignored = self.count(title, programs, names, tally);
        let (mut met, mut unmet) = (Vec::new(), Vec::new());
        for test in &ignored {
            match self.lacks(test) {
                None => met.push(test.test.as_str()),
                Some(None) => {}
                Some(Some(why)) => unmet.push(format!("{}: {why}", test.test)),
            }
        }
        unmet.into_iter().for_each(|what| tally.leave_out(what));
        if !met.is_empty() {
            let title = format!("{title} with what they need");
            self.count(&title, programs, &[&["--ignored", "--exact"], &*met].concat(), tally);
        }
    }

    /// Returns the reason why a test cannot run here; the reason is `None` for a test of the other engine.
    fn lacks(&self, test: &Ignored) -> Option<Option<String>> {
        let engines = ["SQLite", "PostgreSQL"];
        let needs = test.needs();
        if needs.iter().any(|need| engines.contains(need) && *need != self.engine()) {
            return Some(None);
        }
        let programs = needs.into_iter().filter(|need| !engines.contains(need));
        programs.map(|need| self.tools.lack(need)).find(Option::is_some)
    }

    /// Runs each program once with these arguments; returns the ignored tests.
    fn count(
        &self,
        title: &str,
        programs: &[Program],
        arguments: &[&str],
        tally: &mut Tally,
    ) -> Vec<Ignored> {
        let mut all = Counted { succeeded: true, ..Counted::default() };
        for program in programs {
            println!("$ {} {}", program.name(), arguments.join(" "));
            match self.command(program, arguments).and_then(Counted::of) {
                Ok(counted) => all.add(counted),
                Err(error) => tally.fail(1, format!("{}: {error:#}", program.name())),
            }
        }
        let ignored = std::mem::take(&mut all.ignored);
        tally.counted(&format!("{title} ({})", self.engine()), Ok(all));
        ignored
    }

    fn command(&self, program: &Program, arguments: &[&str]) -> Result<Command> {
        let mut command = program.command();
        command
            .args(arguments)
            .env("RUST_LIB_BACKTRACE", "0")
            .env("RUST_TEST_THREADS", threads().to_string())
            .env("TEST_LOGS", self.logs)
            .env_remove("DATABASE_URL")
            .env_remove("TEST_DATABASE_URL")
            .env_remove("REDIS_URL");
        if let Some(postgres) = self.postgres {
            command.env("TEST_DATABASE_URL", postgres.url("postgres"));
        }
        self.tools.lend(&mut command)?;
        Ok(command)
    }
}
