//! Decisions, as pure functions.

mod chosen;
#[cfg(test)]
mod fuzz;
mod plan;
mod time;

pub use chosen::{choice, clock, minutes, push_choice, webhook_choice};
pub use plan::{Mail, mail, push, webhook};
pub use time::{day_start, morning, next};
