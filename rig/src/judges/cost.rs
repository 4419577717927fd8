//! The processor time of a judge.

use std::time::Duration;

use rustix::process::{self, WaitOptions};

use crate::bench::proc::cpu_of_family;

/// Adopts programs whose parents end before them, as those of a browser do, so that their time is counted.
pub(super) fn adopt() {
    let _ = process::set_child_subreaper(Some(process::getpid()));
}

/// Returns the processor time of this process and of all that it started. No program may be expected to end by itself
/// at this moment.
pub(super) fn so_far() -> Duration {
    while matches!(process::wait(WaitOptions::NOHANG), Ok(Some(_))) {}
    cpu_of_family(std::process::id())
}
