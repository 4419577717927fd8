//! Background work: queues with leases, persistent backoff and dead letters; wake-ups; schedules that run once
//! across all processes; pauses that apply to all processes; and the runner that drives them until it is stopped.

mod asked;
mod control;
mod failed;
mod failure;
mod for_each;
mod job_error;
mod late;
mod lease;
mod lookout;
pub(crate) mod metrics;
mod name;
mod pause;
mod runner;
mod schedule;
mod settings;
mod store;
mod tables;
mod times;
mod worker;

pub use asked::{ask, retry_dead};
pub use control::{JobCommand, JobControl, JobStatus, JobsStatus, QueueStatus};
pub use failed::{FailedJob, failed_jobs};
pub use failure::{Failure, MAX_ATTEMPTS, backoff};
pub use for_each::Action;
pub use job_error::JobError;
pub use late::{LateQueue, late_queues};
pub use lease::Lease;
pub use metrics::measure;
pub use name::JobName;
pub use pause::{pause, resume};
pub use runner::Runner;
pub use schedule::Schedule;
pub(crate) use settings::LINGER;
pub use settings::Settings;
pub use store::{
    DeadLetterCount, Queue, QueueState, QueueWait, REFUSED, ScheduledRun, WakeUp, claimed,
    died_since, failed, failed_count, forget, forget_done, is_raised, last_runs, paused, queues,
    raised, runs, take, take_after, waiting_since, waits, worked,
};
pub(crate) use tables::migrations;
pub use times::times_in_words;
pub use worker::{Backlog, Progress, Worker};

/// The background jobs of one or more modules.
#[derive(Clone, Debug)]
pub struct Jobs {
    /// Jobs that run when there is work in their queue.
    pub workers: Vec<Worker>,
    /// Jobs that run at set times.
    pub schedules: Vec<Schedule>,
}

impl Jobs {
    /// Returns an empty set of jobs.
    #[must_use]
    pub fn none() -> Self {
        Self { workers: Vec::new(), schedules: Vec::new() }
    }

    /// Adds the jobs of another module.
    pub fn extend(&mut self, other: Self) {
        self.workers.extend(other.workers);
        self.schedules.extend(other.schedules);
    }
}
