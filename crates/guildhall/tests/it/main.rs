//! The house's integration tests: one binary. `TEST_DATABASE_URL=postgres://…` runs them on
//! PostgreSQL; without it they run on SQLite.

mod app;
mod contributions;
mod house;
mod inbox;
mod ledger;
mod pages;
mod platform;
mod process;
mod recognition;
