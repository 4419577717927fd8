//! Processor time and memory of a process, read from `/proc`.

use std::{fs, time::Duration};

use anyhow::{Context, Result};

use crate::deliveries::signature;
use xtask::{postgres::Postgres, process::Daemon};

/// The duration of a clock tick in `/proc`, which is the same on every Linux.
const TICK: Duration = Duration::from_millis(10);

/// Returns the processor time of `root` and its children, including children that have ended.
pub(crate) fn cpu_of_family(root: u32) -> Duration {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let ticks = ids.filter_map(stat).filter(|stat| stat.id == root || stat.parent == root);
    TICK * ticks.map(|stat| stat.ticks).sum::<u32>()
}

/// A server, and the database that works for it.
#[derive(Clone, Copy)]
pub(super) struct Meter {
    server: u32,
    database: Option<u32>,
}

/// The processor time of both so far.
#[derive(Clone, Copy)]
pub(super) struct Used {
    server: Duration,
    database: Duration,
}

impl Meter {
    /// Creates a meter for a server, and for PostgreSQL if the server uses it.
    pub(super) fn of(server: &Daemon, postgres: Option<&Postgres>) -> Self {
        Self { server: server.pid(), database: postgres.map(Postgres::pid) }
    }

    /// Reads the processor time so far.
    pub(super) fn read(&self) -> Used {
        Used {
            server: cpu_of_family(self.server),
            database: self.database.map_or(Duration::ZERO, cpu_of_family),
        }
    }
}

impl Used {
    /// Returns the microseconds since `before`, divided by `count`, of the server and of the database.
    pub(super) fn since(self, before: Self, count: f64) -> (f64, f64) {
        let each = |after: Duration, before: Duration| {
            after.saturating_sub(before).as_secs_f64() * 1e6 / count
        };
        (each(self.server, before.server), each(self.database, before.database))
    }
}

/// Measures the HMAC of 24 KB in microseconds of processor time, as a reference for this machine: about 10 when it is
/// idle, nearly twice that when its processors share their cores with others.
pub(super) fn yardstick() -> Result<f64> {
    const TIMES: u32 = 5000;
    let body = vec![b'x'; 24 * 1024];
    let spent = || -> Result<u64> {
        let text = fs::read_to_string("/proc/thread-self/schedstat")?;
        let spent = text.split(' ').next().context("the kernel reports no value")?;
        Ok(spent.parse()?)
    };
    let before = spent()?;
    for _ in 0..TIMES {
        std::hint::black_box(signature("yardstick", std::hint::black_box(&body)));
    }
    Ok((spent()? - before) as f64 / 1e3 / f64::from(TIMES))
}

struct Stat {
    id: u32,
    parent: u32,
    ticks: u32,
}

fn stat(id: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The program's name is in parentheses and may contain anything.
    let fields: Vec<&str> = text.rsplit_once(") ")?.1.split(' ').collect();
    let number = |index: usize| fields.get(index)?.parse::<u32>().ok();
    // User and system time, of the process and of the children it has waited for.
    let ticks = (11..=14).filter_map(number).sum();
    Some(Stat { id, parent: number(1)?, ticks })
}

/// Returns the resident memory in MiB.
pub(super) fn resident(id: u32) -> Result<f64> {
    memory(id, "VmRSS:")
}

/// Returns the memory of a process in MiB, without the files that it maps, such as an SQLite database. The kernel takes the pages
/// of files back when it needs them.
pub(super) fn own(id: u32) -> Result<f64> {
    memory(id, "RssAnon:")
}

/// Returns the most resident memory so far, in MiB.
pub(crate) fn peak(id: u32) -> Result<f64> {
    memory(id, "VmHWM:")
}

/// Forgets the most resident memory so far: [`peak`] counts from the present one.
pub(super) fn forget_peak(id: u32) -> Result<()> {
    fs::write(format!("/proc/{id}/clear_refs"), "5").context("the kernel keeps the peak")
}

fn memory(id: u32, field: &str) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let kib = line
        .and_then(|line| line.trim().strip_suffix(" kB"))
        .context("the kernel reports no value")?;
    Ok(kib.parse::<f64>()? / 1024.0)
}
