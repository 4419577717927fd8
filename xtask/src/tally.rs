//! Counts what passed, failed and was left out, with the durations.

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::Result;

use crate::counted::Counted;

/// The results of a run. Everything left out is reported.
pub struct Tally {
    passed: u64,
    failures: Vec<Failure>,
    left_out: Vec<String>,
    begun: Instant,
    last: Instant,
    times: Vec<(String, Duration)>,
    judged: Vec<String>,
}

struct Failure {
    count: u64,
    what: String,
}

impl Default for Tally {
    fn default() -> Self {
        let now = Instant::now();
        Self {
            passed: 0,
            failures: Vec::new(),
            left_out: Vec::new(),
            begun: now,
            last: now,
            times: Vec::new(),
            judged: Vec::new(),
        }
    }
}

impl Tally {
    /// Counts a step, and prints its result and duration: the time since the previous step.
    pub fn step(&mut self, name: &str, outcome: Result<()>) {
        let took = self.timed(name);
        self.took(name, outcome, took);
    }

    /// Counts a step that ran beside others, and prints its result and its own duration.
    pub fn took(&mut self, name: &str, outcome: Result<()>, took: Duration) {
        match outcome {
            Ok(()) => {
                println!("ok: {name} ({})", shown(took));
                self.passed += 1;
            }
            Err(error) => self.fail(1, format!("{name}: {error:#}")),
        }
    }

    /// Adds the counts of another program.
    pub fn counted(&mut self, name: &str, outcome: Result<Counted>) {
        let took = self.timed(name);
        let counted = match outcome {
            Ok(counted) => counted,
            Err(error) => return self.fail(1, format!("{name}: {error:#}")),
        };
        println!("{} passed: {name} ({})", counted.passed, shown(took));
        self.passed += counted.passed;
        if !counted.succeeded {
            let named = counted.failures.iter().map(|what| format!("\n  {what}"));
            let what = format!("{name}{}", named.collect::<String>());
            self.fail(counted.failed.max(1), what);
        }
        self.judged.extend(counted.judged);
        for what in counted.left_out {
            self.leave_out(what);
        }
    }

    /// Counts failures.
    pub fn fail(&mut self, count: u64, what: String) {
        println!("FAILED: {what}");
        self.failures.push(Failure { count, what });
    }

    /// Records something that could not run here, and the reason.
    pub fn leave_out(&mut self, what: impl Into<String>) {
        let what = what.into();
        println!("left out: {what}");
        self.left_out.push(what);
    }

    /// Records the time since the previous step.
    pub fn time(&mut self, name: &str) {
        let took = self.timed(name);
        println!("{name}: {}", shown(took));
    }

    fn timed(&mut self, name: &str) -> Duration {
        let took = self.last.elapsed();
        self.last = Instant::now();
        self.times.push((name.to_owned(), took));
        took
    }

    fn failed(&self) -> u64 {
        self.failures.iter().map(|failure| failure.count).sum()
    }

    /// Prints the results. In CI, anything left out is a failure.
    #[must_use]
    pub fn finish(self, ci: bool) -> ExitCode {
        println!();
        for (name, took) in &self.times {
            println!("{:>10}  {name}", shown(*took));
        }
        println!("{:>10}  in all", shown(self.begun.elapsed()));
        for what in &self.judged {
            println!("judged by {what}");
        }
        for failure in &self.failures {
            println!("FAILED: {}", failure.what);
        }
        for what in &self.left_out {
            println!("left out: {what}");
        }
        let left_out = self.left_out.len() as u64;
        let mut failed = self.failed();
        if left_out > 0 && ci {
            println!("{left_out} left out; with CI set each is a failure");
            failed += left_out;
        } else if left_out > 0 {
            println!("{left_out} left out");
        }
        println!("{} passed, {failed} failed", self.passed);
        code(failed)
    }

    /// Ends a part whose output is counted by the program that started it; see [`Counted`].
    #[must_use]
    pub fn hand_over(self) -> ExitCode {
        let failed = self.failed();
        let word = if failed == 0 { "ok" } else { "FAILED" };
        println!("test result: {word}. {} passed; {failed} failed", self.passed);
        code(failed)
    }
}

fn code(failed: u64) -> ExitCode {
    match failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Formats a duration for people.
fn shown(took: Duration) -> String {
    let tenths = took.as_millis() / 100;
    match tenths {
        ..600 => format!("{}.{} s", tenths / 10, tenths % 10),
        _ => format!("{} min {:02} s", tenths / 600, tenths / 10 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_readable() {
        assert_eq!(shown(Duration::from_millis(1_240)), "1.2 s");
        assert_eq!(shown(Duration::from_millis(59_999)), "59.9 s");
        assert_eq!(shown(Duration::from_millis(725_000)), "12 min 05 s");
    }

    #[test]
    fn items_left_out_by_other_programs_are_counted() {
        let counted = Counted {
            passed: 2,
            succeeded: true,
            left_out: vec!["a test: needs strace".to_owned()],
            ..Counted::default()
        };
        let mut tally = Tally::default();
        tally.counted("tests", Ok(counted));
        assert_eq!((tally.passed, tally.left_out.len()), (2, 1));
    }
}
