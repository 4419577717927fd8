//! SQL statements for the tables `jobs`, `job_pauses` and `wake_ups`, and for every queue.

pub(super) mod pauses;
mod queue;
mod queues;
pub(super) mod runs;
mod wake_ups;

pub use pauses::paused;
pub(super) use queue::SCHEDULED;
pub use queue::{Queue, REFUSED};
pub(super) use queues::due;
pub use queues::{DeadLetterCount, QueueState, QueueWait, died_since, queues, waits};
pub use runs::{ScheduledRun, failed, failed_count, forget_done, last_runs, runs};
pub use wake_ups::{
    WakeUp, claimed, forget, is_raised, raised, take, take_after, waiting_since, worked,
};
