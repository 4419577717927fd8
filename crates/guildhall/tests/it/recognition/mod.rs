mod board;
mod deadlocks;
pub(crate) mod grants;
mod property;
mod rank;
mod refusals;
mod two_programmes;
