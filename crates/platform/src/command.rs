//! Commands that modules add to the program's command line.

use std::{io::Write as _, process::ExitCode};

use chrono::TimeDelta;
use clap::{ArgMatches, Parser};
use futures_util::future::BoxFuture;

use crate::{Context, config::Config, module::Services};

/// A command of a module.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    /// Describes the command and its arguments.
    pub describe: fn() -> clap::Command,
    /// True for a command that costs least on one thread.
    pub is_single_threaded: bool,
    /// Runs it.
    pub run: RunFn,
}

/// Runs a command; the exit code is that of the program.
pub type RunFn =
    for<'a> fn(&'a dyn Program, &'a ArgMatches) -> BoxFuture<'a, anyhow::Result<ExitCode>>;

impl Command {
    /// A command by the type of its arguments.
    #[must_use]
    pub const fn of<T: Run>() -> Self {
        Self {
            describe: T::command,
            is_single_threaded: false,
            run: |program, arguments| {
                Box::pin(async move { T::from_arg_matches(arguments)?.run(program).await })
            },
        }
    }
}

/// Arguments of a command, which they run.
pub trait Run: Parser + Send {
    /// Runs the command; the exit code is that of the program.
    fn run(self, program: &dyn Program) -> impl Future<Output = anyhow::Result<ExitCode>> + Send;
}

/// The program that a command is a part of.
pub trait Program: Send + Sync {
    /// Returns the configuration in force.
    fn config(&self) -> &Config;

    /// Opens an existing installation to read from it; creates no file.
    ///
    /// # Errors
    /// When there is no installation, or its database cannot be used.
    fn look(&self) -> BoxFuture<'_, anyhow::Result<Context>>;

    /// Opens an existing installation.
    ///
    /// # Errors
    /// As [`Program::look`], or when its key cannot be read.
    fn open(&self) -> BoxFuture<'_, anyhow::Result<Services>>;

    /// Opens an installation; creates one when it is missing, and reports that.
    ///
    /// # Errors
    /// When the data directory, the key or the database cannot be used.
    fn enter(&self) -> BoxFuture<'_, anyhow::Result<Services>>;
}

/// Prints a line of a command's output.
pub fn say(line: impl std::fmt::Display) {
    // A closed pipe means that the reader has seen enough.
    writeln!(std::io::stdout(), "{line}").ok();
}

/// Prints a note on standard error, next to a command's output.
#[expect(
    clippy::print_stderr,
    reason = "notes to the person at the command line"
)]
pub fn remark(line: impl std::fmt::Display) {
    eprintln!("{line}");
}

/// Reads a length of time such as `30m`, `24h`, `7d` or `0`; at most a year.
///
/// # Errors
/// A sentence that says how to write one.
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
    match span <= TimeDelta::days(366) {
        true => Ok(span),
        false => Err("use at most 366d".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read() {
        for (text, minutes) in [("0", 0), ("30m", 30), ("24h", 1_440), ("7d", 10_080)] {
            assert_eq!(span(text), Ok(TimeDelta::minutes(minutes)), "{text}");
        }
        for wrong in ["", "h", "24", "-1h", "1.5h", "24 h", "367d", "99999999999d"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
    }
}
