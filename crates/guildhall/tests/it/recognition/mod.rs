mod board;
mod deadlocks;
pub(crate) mod grants;
mod listings;
mod months;
mod property;
mod rank;
mod refusals;
mod two_programmes;
