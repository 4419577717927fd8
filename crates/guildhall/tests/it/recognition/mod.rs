mod board;
mod grants;
mod property;
mod rank;
mod refusals;
mod two_programmes;
