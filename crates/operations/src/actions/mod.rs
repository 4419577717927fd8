//! Changes, each in one transaction, and what operators are alerted to.

mod active;
mod back_up;
mod forget;
mod measure;
mod slow;
mod watch;

pub use active::record_active;
pub(crate) use back_up::{Maker, back_up};
pub use forget::forget;
pub use measure::measure_storage;
pub use slow::{Recorder, store_slow};
pub(crate) use watch::{DATABASE_COST, watch_database_cost};
