//! Decisions, as pure functions.

mod chosen;
#[cfg(test)]
mod fuzz;
mod phone;
mod plan;
mod texts;
mod time;

pub use chosen::{choice, clock, minutes, push_choice, text_choice, webhook_choice};
pub use phone::{code, code_ends, is_usable, phone_number, typed_code};
pub use plan::{Mail, mail, short, webhook};
pub use texts::{TextLevel, text_level};
pub use time::{day_start, morning, next};
