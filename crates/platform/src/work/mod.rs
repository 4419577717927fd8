//! Work that waits for people, and what runs now, in all modules.
//!
//! A module declares kinds of [`Task`] and of [`Happening`]. Each kind has a SELECT with fixed columns, so that one statement
//! reads those of all modules together. The number in the header, the headings of pages and the rows of lists come from the
//! same SELECTs and agree.

mod due;
mod happening;
mod icon;
mod kept;
mod kind;
mod own;
mod store;
mod task;

pub use due::Due;
pub use happening::{Happening, HappeningRow, Running};
pub use icon::TaskIcon;
pub use kept::KeptWork;
pub use kind::{TaskKind, TaskPerson, TaskRow, TaskText, WorkCount};
pub(crate) use own::TASKS;
pub use store::{MOST_TASKS, happenings, tasks, work_counts};
pub use task::{Task, WorkViewer, age_of};
