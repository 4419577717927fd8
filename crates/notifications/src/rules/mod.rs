//! Decisions: values in, values out.

mod chosen;
mod plan;
mod time;

pub use chosen::{choice, clock, minutes};
pub use plan::{Mail, mail};
pub use time::{day_start, morning};
