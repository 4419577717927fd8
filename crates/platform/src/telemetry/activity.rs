//! A summary of the work of this process, which the log gets once a minute when there was any.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// Work that the summary counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// A webhook delivery was stored.
    Accepted,
    /// A scoring window was settled.
    Settled,
    /// A delivery, a message, a batch or a scheduled job failed. It may succeed later.
    Failed,
}

static DONE: Activity = Activity::new();

/// Counts work for the next summary.
pub fn count(work: Work, number: u64) {
    DONE.count(work, number);
}

/// Logs the work of each period, if there was any, until it is dropped.
pub async fn summarize(every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        if let Some([accepted, settled, failed]) = DONE.take() {
            let seconds = every.as_secs();
            tracing::info!(accepted, settled, failed, seconds, "work done");
        }
    }
}

/// The numbers of accepted, settled and failed pieces of work since the last summary.
struct Activity([AtomicU64; 3]);

impl Activity {
    const fn new() -> Self {
        Self([const { AtomicU64::new(0) }; 3])
    }

    fn count(&self, work: Work, number: u64) {
        self.0[work as usize].fetch_add(number, Ordering::Relaxed);
    }

    /// Returns the numbers and starts again from zero; `None` if all are zero.
    fn take(&self) -> Option<[u64; 3]> {
        let numbers = self.0.each_ref().map(|number| number.swap(0, Ordering::Relaxed));
        numbers.iter().any(|number| *number > 0).then_some(numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_without_work_has_no_summary() {
        let activity = Activity::new();
        assert_eq!(activity.take(), None);
        activity.count(Work::Accepted, 2);
        activity.count(Work::Accepted, 1);
        activity.count(Work::Failed, 1);
        activity.count(Work::Settled, 0);
        assert_eq!(activity.take(), Some([3, 0, 1]));
        assert_eq!(activity.take(), None);
    }
}
