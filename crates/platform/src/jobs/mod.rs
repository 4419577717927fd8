//! Work after the answer: queues with leases, persisted backoff and dead letters; wake-ups;
//! schedules that fire once; and the runner that drives them until told to stop.

mod asked;
mod queue;
pub(crate) mod runner;
mod schedule;
mod tables;
mod wake_up;

pub use asked::{Run, ask, runs};
pub use queue::{Failure, MAX_ATTEMPTS, Queue, backoff};
pub use runner::{JobError, Progress, Runner, Settings, Worker};
pub use schedule::{Schedule, forget_done};
pub(crate) use tables::migration;
pub use wake_up::{WakeUp, forget, is_raised, raised, take};
