//! What passed, what failed and what was left out, counted to the end.

use std::process::ExitCode;

use anyhow::Result;

/// The account of one run. Nothing is left out in silence.
#[derive(Default)]
pub(crate) struct Tally {
    passed: u64,
    failures: Vec<Failure>,
    left_out: Vec<String>,
}

struct Failure {
    count: u64,
    what: String,
}

impl Tally {
    /// Counts one step, and prints how it went.
    pub(crate) fn step(&mut self, name: &str, outcome: Result<()>) {
        match outcome {
            Ok(()) => {
                println!("ok: {name}");
                self.passed += 1;
            }
            Err(error) => self.fail(1, format!("{name}: {error:#}")),
        }
    }

    /// Counts tests that a test binary has counted itself.
    pub(crate) fn passed(&mut self, count: u64) {
        self.passed += count;
    }

    /// Counts failures.
    pub(crate) fn fail(&mut self, count: u64, what: String) {
        println!("FAILED: {what}");
        self.failures.push(Failure { count, what });
    }

    /// Names what could not run here, and why.
    pub(crate) fn leave_out(&mut self, what: impl Into<String>) {
        let what = what.into();
        println!("left out: {what}");
        self.left_out.push(what);
    }

    /// Prints the account. A machine that judges for everybody (`CI`) may leave nothing out.
    pub(crate) fn finish(self, ci: bool) -> ExitCode {
        println!();
        for failure in &self.failures {
            println!("FAILED: {}", failure.what);
        }
        for what in &self.left_out {
            println!("left out: {what}");
        }
        let left_out = self.left_out.len() as u64;
        let mut failed: u64 = self.failures.iter().map(|failure| failure.count).sum();
        if left_out > 0 && ci {
            println!("{left_out} left out; with CI set each is a failure");
            failed += left_out;
        } else if left_out > 0 {
            println!("{left_out} left out");
        }
        println!("{} passed, {failed} failed", self.passed);
        if failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}
