//! Commands that modules add to the command line.

use std::{
    io::{self, BufRead as _, Write as _},
    process::ExitCode,
    sync::OnceLock,
    time::Duration,
};

use anyhow::Context as _;
use chrono::TimeDelta;
use clap::{ArgMatches, Parser};
use futures_util::future::BoxFuture;

use crate::{
    Context,
    config::Config,
    module::{Modules, Services},
};

/// A command of a module.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    /// Returns the description of the command and its arguments.
    pub describe: fn() -> clap::Command,
    /// The name of the command that it is a part of: one of the program's own, such as `doctor`, or a [`Command::group`].
    pub part_of: Option<&'static str>,
    /// True if `all` of the group runs it, too. It has no arguments but [`FollowArgs`] then.
    pub is_in_all: bool,
    /// True for a command that runs best on a single thread.
    pub is_single_threaded: bool,
    pub run: RunFn,
}

/// A function that runs a command and returns the exit code of the program.
pub type RunFn =
    for<'a> fn(&'a dyn Program, &'a ArgMatches) -> BoxFuture<'a, anyhow::Result<ExitCode>>;

impl Command {
    /// Creates a command from the type of its arguments.
    #[must_use]
    pub const fn of<T: Run>() -> Self {
        Self {
            describe: T::command,
            part_of: None,
            is_in_all: false,
            is_single_threaded: false,
            run: |program, arguments| {
                Box::pin(async move { T::from_arg_matches(arguments)?.run(program).await })
            },
        }
    }

    /// Creates a command that consists of commands of modules, each a part of it.
    #[must_use]
    pub const fn group(describe: fn() -> clap::Command) -> Self {
        Self {
            describe,
            part_of: None,
            is_in_all: false,
            is_single_threaded: false,
            run: |_, _| Box::pin(async { Ok(ExitCode::FAILURE) }),
        }
    }
}

/// Arguments of a command that know how to run it.
pub trait Run: Parser + Send {
    /// Runs the command and returns the exit code of the program.
    fn run(self, program: &dyn Program) -> impl Future<Output = anyhow::Result<ExitCode>> + Send;
}

/// Arguments of a command that works with an existing installation.
pub trait Work: Parser + Send {
    /// Does what the command says and prints it. The installation is closed afterward.
    fn work(self, services: &Services) -> impl Future<Output = anyhow::Result<()>> + Send;
}

impl<T: Work> Run for T {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let services = program.open().await?;
        let done = self.work(&services).await;
        services.context.db.close().await;
        done.map(|()| ExitCode::SUCCESS)
    }
}

/// The program that a command belongs to.
pub trait Program: Send + Sync {
    /// Returns the effective configuration.
    fn config(&self) -> &Config;

    /// Returns the modules of the program.
    fn modules(&self) -> Modules;

    /// Returns the description of all commands.
    fn command_line(&self) -> clap::Command;

    /// Opens an existing installation for reading; creates no file.
    ///
    /// # Errors
    /// When there is no installation, its schema is of another release, or its database cannot be used.
    fn look(&self) -> BoxFuture<'_, anyhow::Result<Context>>;

    /// Opens an existing installation.
    ///
    /// # Errors
    /// Like [`Program::look`], or when its key cannot be read.
    fn open(&self) -> BoxFuture<'_, anyhow::Result<Services>>;
}

/// The first error of standard output in this process.
static UNWRITTEN: OnceLock<io::Error> = OnceLock::new();

/// Prints a line of a command's output. [`unwritten`] returns the error if it cannot be written.
pub fn say(line: impl std::fmt::Display) {
    keep_failure(writeln!(io::stdout(), "{line}"));
}

/// Returns the first error of standard output, after writing what is left in its buffer. A closed pipe is not an error:
/// its reader, such as `head`, has seen enough.
#[must_use]
pub fn unwritten() -> Option<&'static io::Error> {
    keep_failure(io::stdout().flush());
    UNWRITTEN.get()
}

fn keep_failure(written: io::Result<()>) {
    if let Err(error) = written
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        UNWRITTEN.set(error).ok();
    }
}

/// Prints a note on standard error, next to a command's output.
#[expect(clippy::print_stderr, reason = "notes to the person at the command line")]
pub fn remark(line: impl std::fmt::Display) {
    eprintln!("{}", shown(&line.to_string()));
}

/// Escapes control characters, which arguments may contain and a terminal would obey. Line breaks and tabs stay.
fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => shown.push(c),
            _ if c.is_control() => shown.extend(c.escape_default()),
            _ => shown.push(c),
        }
    }
    shown
}

/// The arguments of a command that follows work, which a server or a worker does for it.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct FollowArgs {
    /// Only request it, without waiting until it is done
    #[arg(long)]
    pub no_wait: bool,
    /// Print the result as one JSON object
    #[arg(long)]
    pub json: bool,
}

impl FollowArgs {
    /// Returns the arguments that state it.
    #[must_use]
    pub fn given(self) -> Vec<&'static str> {
        let flags = [(self.no_wait, "--no-wait"), (self.json, "--json")];
        flags.into_iter().filter_map(|(is_set, flag)| is_set.then_some(flag)).collect()
    }
}

/// The state of work that a command follows.
#[derive(Clone, Debug)]
pub struct WorkState {
    /// The state in a line.
    pub says: String,
    /// True once there is nothing to wait for, whether it succeeded or failed.
    pub is_over: bool,
}

/// How often a command looks how far the work is.
const LOOKS_EVERY: Duration = Duration::from_millis(250);
/// The number of looks without a change, a minute, after which a command gives up.
const PATIENCE: u32 = 240;

/// Follows work that a server or a worker does until it is over, and writes each change to standard error.
///
/// # Errors
/// When `look` fails, or nothing changes for a minute.
pub async fn follow<F>(mut look: impl FnMut() -> F + Send) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<WorkState>> + Send,
{
    let (mut shown, mut unchanged) = (String::new(), 0);
    loop {
        let state = look().await?;
        if state.says == shown {
            unchanged += 1;
        } else {
            remark(&state.says);
            (shown, unchanged) = (state.says, 0);
        }
        if state.is_over {
            return Ok(());
        }
        anyhow::ensure!(
            unchanged < PATIENCE,
            "nothing changed for a minute. The request stays: if no server or worker is running, start `guildhall serve`; otherwise, see its log"
        );
        tokio::time::sleep(LOOKS_EVERY).await;
    }
}

/// Asks the person to type a text again before something happens; returns whether they did.
///
/// # Errors
/// When standard input cannot be read.
pub fn is_retyped(consequence: impl std::fmt::Display, text: &str) -> anyhow::Result<bool> {
    remark(format_args!("{consequence} Type {text} to confirm:"));
    let mut typed = String::new();
    let read = io::stdin().lock().read_line(&mut typed);
    read.context("cannot read the confirmation")?;
    Ok(typed.trim() == text)
}

/// Parses the maximum number of entries of a list.
///
/// # Errors
/// When the text is not a whole number of at least 1. The error says so.
pub fn limit(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(limit @ 1..) => Ok(limit),
        _ => Err(format!("use a whole number from 1 to {}", u32::MAX)),
    }
}

/// Parses an ID that GitHub gives.
///
/// # Errors
/// When the text is not a whole number of at least 1. The error says so.
pub fn github_id(text: &str) -> Result<i64, String> {
    match text.parse() {
        Ok(id @ 1..) => Ok(id),
        _ => Err("use the whole number that GitHub's API shows as `id`".to_owned()),
    }
}

/// Parses a duration such as `30m`, `24h`, `7d` or `0`, of at most a year.
///
/// # Errors
/// When the text is not such a duration. The error says how to write one.
pub fn span(text: &str) -> Result<TimeDelta, String> {
    let wrong = || "use minutes, hours or days, such as 30m, 24h or 7d".to_owned();
    if text == "0" {
        return Ok(TimeDelta::zero());
    }
    let (number, minutes) = [("m", 1), ("h", 60), ("d", 24 * 60)]
        .into_iter()
        .find_map(|(unit, minutes)| Some((text.strip_suffix(unit)?, minutes)))
        .ok_or_else(wrong)?;
    let number: u32 = number.parse().map_err(|_| wrong())?;
    let span = TimeDelta::minutes(i64::from(number) * minutes);
    if span <= TimeDelta::days(366) { Ok(span) } else { Err("use at most 366d".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_at_least_1() {
        assert_eq!((limit("1"), limit("50")), (Ok(1), Ok(50)));
        for wrong in ["0", "-1", "", "1.5", "4294967296"] {
            assert!(limit(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_id_is_at_least_1() {
        assert_eq!(github_id("1296269"), Ok(1_296_269));
        for wrong in ["0", "-1", "", "abc", "99999999999999999999"] {
            assert!(github_id(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn control_characters_are_shown_escaped() {
        assert_eq!(shown("a\u{1b}[31m\nb"), "a\\u{1b}[31m\nb");
    }

    #[test]
    fn spans_are_parsed() {
        for (text, minutes) in [("0", 0), ("30m", 30), ("24h", 1_440), ("7d", 10_080)] {
            assert_eq!(span(text), Ok(TimeDelta::minutes(minutes)), "{text}");
        }
        for wrong in ["", "h", "24", "-1h", "1.5h", "24 h", "367d", "99999999999d"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
    }
}
