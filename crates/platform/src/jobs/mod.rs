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
pub use state::{Backlog, Died, QueueState, died_since, last_runs, measure, queues};
pub(crate) use tables::migrations;
pub use wake_up::{WakeUp, claimed, forget, is_raised, raised, take, worked};
