//! Decisions, as pure functions.

mod chosen;
#[cfg(test)]
mod fuzz;
mod phone;
mod plan;
mod time;

pub use chosen::{choice, clock, minutes, push_choice, text_choice, webhook_choice};
pub use phone::{code, is_usable, phone_number};
pub use plan::{Mail, mail, short, webhook};
pub use time::{day_start, morning, next};
