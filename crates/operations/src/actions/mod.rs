//! Changes, each in one transaction, and what operators are alerted to.

mod active;
mod answer_feedback;
mod back_up;
mod copy_log;
mod forget;
mod measure;
mod send_feedback;
mod slow;
mod watch;

pub use active::record_active;
pub use answer_feedback::answer_feedback;
pub(crate) use answer_feedback::notify_answer;
pub(crate) use back_up::{Maker, back_up};
pub(crate) use copy_log::copy_log;
pub use forget::forget;
pub use measure::measure_storage;
pub use send_feedback::{NewFeedback, send_feedback};
pub use slow::{Recorder, store_slow};
pub(crate) use watch::{ACTIVITY, DATABASE_COST, watch_activity, watch_database_cost};
