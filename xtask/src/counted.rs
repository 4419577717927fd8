//! Reads the results that test programs print. A test with requirements beyond Rust declares them with
//! `#[ignore = "needs …"]` instead of passing without having run. It is run if its needs are met, and otherwise
//! counted as left out.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use anyhow::{Context, Result};

/// The beginning of the line that a judge prints at its end.
const JUDGED: &str = "judged: ";

/// The results printed by test programs.
#[derive(Debug, Default)]
pub struct Counted {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed.
    pub failed: u64,
    /// True when the program exited with success.
    pub succeeded: bool,
    /// The names of failed tests.
    pub failures: Vec<String>,
    /// Reasons for what did not run.
    pub left_out: Vec<String>,
    /// The account of each judge: its cost and the numbers of things judged.
    pub judged: Vec<String>,
    /// Tests that run only on request.
    pub ignored: Vec<Ignored>,
}

/// An ignored test and its needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ignored {
    /// The full name.
    pub test: String,
    pub reason: String,
}

impl Ignored {
    /// Returns the programs and engines it needs, by name. A reason in any other form is an unknown need.
    #[must_use]
    pub fn needs(&self) -> Vec<&str> {
        let named = self.reason.strip_prefix("needs ");
        named.unwrap_or(&self.reason).split(" and ").collect()
    }
}

impl Counted {
    /// Runs `command`, prints its output, and counts its results.
    ///
    /// # Errors
    /// When it cannot be run.
    pub fn of(command: Command) -> Result<Self> {
        Self::each_line(command, |line| println!("{line}"))
    }

    /// Runs `command`, counts its results, and prints its output in one piece after each judge and at the end, so that it does not
    /// mix with that of a command which runs at the same time.
    ///
    /// # Errors
    /// When it cannot be run.
    pub fn buffered(command: Command) -> Result<Self> {
        let mut output = String::new();
        let counted = Self::each_line(command, |line| {
            output.push_str(line);
            output.push('\n');
            if line.starts_with(JUDGED) {
                print!("{}", std::mem::take(&mut output));
            }
        });
        print!("{output}");
        counted
    }

    /// Adds the results of another program.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.succeeded &= other.succeeded;
        self.failures.extend(other.failures);
        self.left_out.extend(other.left_out);
        self.judged.extend(other.judged);
        self.ignored.extend(other.ignored);
    }

    fn each_line(mut command: Command, mut show: impl FnMut(&str)) -> Result<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().context("the output was not captured")?;
        let mut counted = Self::default();
        for line in BufReader::new(output).lines() {
            let line = line?;
            show(&line);
            counted.read(&line);
        }
        counted.succeeded = child.wait()?.success();
        Ok(counted)
    }

    fn read(&mut self, line: &str) {
        if let Some((passed, failed)) = results(line) {
            self.passed += passed;
            self.failed += failed;
        } else if let Some(what) = line.strip_prefix("FAILED: ") {
            self.failures.push(what.to_owned());
        } else if let Some(what) = line.strip_prefix(JUDGED) {
            self.judged.push(what.to_owned());
        } else if let Some(what) = line.strip_prefix("left out: ") {
            self.left_out.push(what.to_owned());
        } else if let Some((test, verdict)) =
            line.strip_prefix("test ").and_then(|line| line.rsplit_once(" ... "))
        {
            self.read_test(test, verdict);
        }
    }

    fn read_test(&mut self, test: &str, verdict: &str) {
        if verdict == "FAILED" {
            self.failures.push(test.to_owned());
        } else if let Some(reason) = verdict.strip_prefix("ignored") {
            self.ignored.push(Ignored {
                test: test.to_owned(),
                reason: reason.trim_start_matches(", ").to_owned(),
            });
        }
    }
}

/// Parses `test result: ok. 12 passed; 1 failed; …`.
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
    use super::*;

    #[test]
    fn results_are_parsed_from_cargos_output() {
        let line = "test result: FAILED. 12 passed; 1 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.01s";
        assert_eq!(results(line), Some((12, 1)));
        assert_eq!(results("running 3 tests"), None);
    }

    #[test]
    fn ignored_tests_are_parsed_with_their_needs() {
        let mut counted = Counted::default();
        for line in [
            "test web::redis::two_count ... ignored, needs Redis",
            "test process::durable::synced ... ignored, needs SQLite and strace",
            "test strange ... ignored",
            "test broken ... FAILED",
            "test fine ... ok",
            "left out: judge mail: no Python",
        ] {
            counted.read(line);
        }
        let needs: Vec<Vec<&str>> = counted.ignored.iter().map(Ignored::needs).collect();
        assert_eq!(needs, [vec!["Redis"], vec!["SQLite", "strace"], vec![""]]);
        assert_eq!(counted.failures, ["broken"]);
        assert_eq!(counted.left_out, ["judge mail: no Python"]);
    }
}
