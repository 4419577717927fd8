//! Words every module speaks: typed ids, points, instants, pages of a list, problems.
//! Owns no table. Knows no other module. Never does I/O, never reads a clock.

mod counted;
mod ids;
mod points;
mod problem;
mod time;

pub use counted::counted;
pub use ids::{Id, Ids};
pub use points::Points;
pub use problem::{Problem, ProblemKind};
pub use time::{Clock, Month, ParseMonthError, Timestamp, truncate_to_micros};
