//! Types shared by every module: typed IDs, points, instants, months, problems and typed texts.
//! Owns no table and depends on no other module. Does no I/O and reads no clock.

mod checks;
mod ids;
mod points;
mod problem;
mod time;
pub mod typed;
mod words;

pub use checks::Checks;
pub use ids::{Id, Ids};
pub use points::Points;
pub use problem::{FieldProblem, InvalidPart, Problem, ProblemKind};
pub use time::{Clock, Month, ParseMonthError, Timestamp, truncate_to_micros};
pub use words::{capitalized, counted, days, dollars, first_words, in_words, listed, plain_title};
