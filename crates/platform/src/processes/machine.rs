//! The machine that this process runs on.

/// Returns the name of this machine or container.
#[cfg(unix)]
pub(super) fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
pub(super) fn host() -> String {
    "this machine".to_owned()
}

/// Returns true unless no process of this machine has this number.
#[cfg(unix)]
pub(super) fn may_run(process_id: i64) -> bool {
    let process = i32::try_from(process_id).ok().filter(|id| *id > 0);
    let process = process.and_then(rustix::process::Pid::from_raw);
    process.is_some_and(|process| {
        rustix::process::test_kill_process(process) != Err(rustix::io::Errno::SRCH)
    })
}

#[cfg(not(unix))]
pub(super) fn may_run(_: i64) -> bool {
    true
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_runs_is_known_from_one_that_does_not() {
        assert!(!host().is_empty());
        assert!(may_run(i64::from(std::process::id())));
        // More than Linux gives out.
        assert!(!may_run(i64::from(i32::MAX)) && !may_run(0) && !may_run(i64::MAX));
    }
}
