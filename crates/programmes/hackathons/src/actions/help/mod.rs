//! Requests of teams for help, and the mentors who take them.

mod ask;
mod notify;
mod serve;

pub use ask::{ask_for_help, withdraw_help};
pub use notify::notify_help;
pub use serve::step_help;

use super::{act_on, apply::participant, changeable, manage_team::own_team};
