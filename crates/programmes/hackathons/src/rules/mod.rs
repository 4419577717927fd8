//! Decisions on hackathons, without I/O.

pub mod announcements;
pub mod applications;
pub mod board_exports;
pub mod calendar;
pub mod calendar_token;
pub mod check_in;
pub mod checks;
pub mod confirmations;
pub mod details;
pub mod expo;
pub mod friends;
#[cfg(test)]
mod fuzz;
pub mod help;
pub mod hosts;
pub mod instants;
mod invalid;
pub mod judging;
pub mod notion;
pub mod own_checks;
pub mod personal_calendar;
pub mod points;
pub mod presets;
pub mod prizes;
pub mod publication;
pub mod recommendations;
pub mod reminders;
pub mod repository_address;
pub mod retention;
pub mod rewards;
pub mod rulings;
pub mod staff;
pub mod staff_invitations;
pub mod submissions;
pub mod surveys;
pub mod tasks;
pub mod teams;
pub mod timeline;
pub mod tracks;
pub mod trello;
pub mod venue;
pub mod waiting;
pub mod waitlist;
pub mod weekends;

pub(crate) use invalid::{invalid, invalid_reward, keeps_slug};
