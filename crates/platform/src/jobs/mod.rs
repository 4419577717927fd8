//! Work after the answer: queues with leases, persisted backoff and dead letters; wake-ups;
//! schedules that fire once; pauses that every process follows; and the runner that drives them until told to stop.

mod asked;
mod pause;
mod queue;
pub(crate) mod runner;
mod schedule;
mod state;
mod tables;
mod wake_up;

pub use asked::{Run, ask, retry_dead, runs};
pub use pause::{pause, paused, resume};
pub use queue::{Failure, MAX_ATTEMPTS, Queue, backoff};
pub use runner::{JobError, Progress, Runner, Settings, Worker};
pub use schedule::{Schedule, forget_done};
/// The work of a module, or of all: what runs when there is something to do, and at set times.
#[derive(Clone, Debug)]
pub struct Jobs {
    /// Jobs that run when there is something to do.
    pub workers: Vec<Worker>,
    /// Jobs that run at set times.
    pub schedules: Vec<Schedule>,
}

impl Jobs {
    /// Returns no work.
    #[must_use]
    pub fn none() -> Self {
        Self {
            workers: Vec::new(),
            schedules: Vec::new(),
        }
    }

    /// Adds the work of another module.
    pub fn extend(&mut self, other: Self) {
        self.workers.extend(other.workers);
        self.schedules.extend(other.schedules);
    }
}

pub use state::{Backlog, Died, QueueState, died_since, last_runs, measure, queues};
pub(crate) use tables::migrations;
pub use wake_up::{WakeUp, claimed, forget, is_raised, raised, take, worked};
