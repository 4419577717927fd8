//! The metrics that Prometheus' client libraries have for every process.

use std::{fmt::Write as _, fs};

/// Clock ticks per second in `/proc`, which Linux fixes for programs on every architecture.
const TICKS: f64 = 100.0;

/// A metric: its name, type, meaning and value.
type Metric = (&'static str, &'static str, &'static str, Option<f64>);

/// Returns the metrics of this process in Prometheus' text format; empty where the system has no `/proc`. They are
/// written directly because seconds of CPU time are fractions, which the recorder's counters cannot hold.
#[must_use]
pub fn process() -> String {
    let read = |name: &str| fs::read_to_string(format!("/proc/{name}")).unwrap_or_default();
    let (stat, status) = (Stat::parse(&read("self/stat")), read("self/status"));
    let booted = after(&read("stat"), "btime");
    let started = stat.as_ref().zip(booted).map(|(stat, booted)| booted + stat.started);
    let descriptors = fs::read_dir("/proc/self/fd").map(|all| all.count() as f64);
    text(&[
        (
            "process_cpu_seconds_total",
            "counter",
            "CPU time of the process in seconds.",
            stat.as_ref().map(|stat| stat.cpu),
        ),
        (
            "process_resident_memory_bytes",
            "gauge",
            "Resident memory of the process in bytes.",
            after(&status, "VmRSS:").map(|kibibytes| kibibytes * 1024.0),
        ),
        (
            "process_virtual_memory_bytes",
            "gauge",
            "Virtual memory of the process in bytes.",
            after(&status, "VmSize:").map(|kibibytes| kibibytes * 1024.0),
        ),
        ("process_open_fds", "gauge", "Open file descriptors of the process.", descriptors.ok()),
        (
            "process_max_fds",
            "gauge",
            "Maximum number of open file descriptors of the process.",
            after(&read("self/limits"), "Max open files"),
        ),
        (
            "process_start_time_seconds",
            "gauge",
            "Start of the process, in seconds since 1970.",
            started,
        ),
    ])
}

fn text(metrics: &[Metric]) -> String {
    let mut text = String::new();
    for (name, kind, meaning, value) in metrics {
        let Some(value) = value else {
            continue;
        };
        writeln!(text, "# HELP {name} {meaning}\n# TYPE {name} {kind}\n{name} {value}\n")
            .expect("a string takes any text");
    }
    text
}

/// Returns the number after a word at the beginning of a line.
fn after(text: &str, word: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(word))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The part of `/proc/self/stat` that is measured, in seconds.
struct Stat {
    cpu: f64,
    /// The start, after the system's.
    started: f64,
}

impl Stat {
    /// Parses the fields after the program's name, which is in parentheses and may contain spaces.
    fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        // The first of these fields is the third of the file.
        let seconds = |number: usize| Some(fields.get(number - 3)?.parse::<f64>().ok()? / TICKS);
        Some(Self { cpu: seconds(14)? + seconds(15)?, started: seconds(22)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_proc_are_parsed() {
        let stat = "7 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 9 0 1234 99 42";
        let stat = Stat::parse(stat).expect("parsed");
        assert_eq!((stat.cpu, stat.started), (3.0, 12.34));
        assert!(Stat::parse("").is_none());
        let limits =
            "Limit  Soft  Hard\nMax open files            1024                 4096     files";
        assert_eq!(after(limits, "Max open files"), Some(1024.0));
        assert_eq!(after("VmRSS:\t  120 kB\n", "VmRSS:"), Some(120.0));
        assert_eq!(after("unlimited", "Max"), None);
    }

    #[test]
    fn missing_values_have_no_lines() {
        let metrics = [("a_bytes", "gauge", "A.", Some(1.5)), ("b", "gauge", "B.", None)];
        assert_eq!(text(&metrics), "# HELP a_bytes A.\n# TYPE a_bytes gauge\na_bytes 1.5\n\n");
    }
}
