//! Crash points for tests: `GUILDHALL_CRASH_AT=inbox.before_commit:3` kills the process with SIGKILL the third
//! time it reaches that point. Compiled out of release builds.

/// Kills the process if the environment plans a crash at this point.
#[inline]
pub fn point(name: &'static str) {
    #[cfg(debug_assertions)]
    planned::die(name);
    #[cfg(not(debug_assertions))]
    let _ = name;
}

#[cfg(debug_assertions)]
mod planned {
    use std::sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    };

    struct Plan {
        point: String,
        passes: AtomicU32,
    }

    static PLAN: OnceLock<Option<Plan>> = OnceLock::new();

    fn plan() -> Option<Plan> {
        let text = std::env::var("GUILDHALL_CRASH_AT").ok()?;
        let (point, pass) = text.split_once(':')?;
        Some(Plan { point: point.to_owned(), passes: AtomicU32::new(pass.parse().ok()?) })
    }

    #[expect(unsafe_code, reason = "SIGKILL runs no handler and no destructor: a real crash")]
    pub(super) fn die(name: &str) {
        let Some(plan) = PLAN.get_or_init(plan) else {
            return;
        };
        if plan.point == name && plan.passes.fetch_sub(1, Ordering::SeqCst) == 1 {
            // SAFETY: signalling oneself has no preconditions.
            unsafe { libc::kill(libc::getpid(), libc::SIGKILL) };
        }
    }
}
