//! What the kernel says of a process: processor time and memory.

use std::{fs, time::Duration};

use anyhow::{Context, Result};

/// The kernel's clock tick in `/proc`, the same on every Linux.
const TICK: Duration = Duration::from_millis(10);

/// Processor time of `root`, of its children, and of those that have ended.
pub(super) fn cpu_of_family(root: u32) -> Duration {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let ticks = ids
        .filter_map(stat)
        .filter(|stat| stat.id == root || stat.parent == root);
    TICK * ticks.map(|stat| stat.ticks).sum::<u32>()
}

struct Stat {
    id: u32,
    parent: u32,
    ticks: u32,
}

fn stat(id: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The program's name stands in brackets and may hold anything.
    let fields: Vec<&str> = text.rsplit_once(") ")?.1.split(' ').collect();
    let number = |index: usize| fields.get(index)?.parse::<u32>().ok();
    // User and system time, its own and that of children it has waited for.
    let ticks = (11..=14).filter_map(number).sum();
    Some(Stat {
        id,
        parent: number(1)?,
        ticks,
    })
}

/// Resident memory in MiB.
pub(super) fn resident(id: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line
        .and_then(|line| line.trim().strip_suffix(" kB"))
        .context("the kernel does not say")?;
    Ok(kib.parse::<f64>()? / 1024.0)
}
