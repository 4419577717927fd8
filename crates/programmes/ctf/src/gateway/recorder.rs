use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use crate::rules::durations::{BUCKETS, Durations, bucket};

/// The requests that some clients sent, such as those of one run. Clones count together.
#[derive(Clone, Default)]
pub(super) struct Recorder(Arc<SentRequests>);

struct SentRequests {
    requests: AtomicU64,
    /// The numbers of requests by duration.
    durations: [AtomicU64; BUCKETS],
}

impl Default for SentRequests {
    fn default() -> Self {
        Self { requests: AtomicU64::new(0), durations: [const { AtomicU64::new(0) }; BUCKETS] }
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

impl Recorder {
    pub(super) fn count(&self) {
        self.0.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes how long a request took.
    pub(super) fn took(&self, duration: Duration) {
        let milliseconds = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        if let Some(requests) = self.0.durations.get(bucket(milliseconds)) {
            requests.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Returns the number of requests, retries included.
    pub(super) fn calls(&self) -> u64 {
        self.0.requests.load(Ordering::Relaxed)
    }

    /// Returns the durations of the requests that ended.
    pub(super) fn durations(&self) -> Durations {
        let requests = self.0.durations.iter();
        Durations::of(requests.map(|requests| requests.load(Ordering::Relaxed)))
    }
}
