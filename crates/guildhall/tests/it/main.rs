//! The house's integration tests: one binary. `TEST_DATABASE_URL=postgres://…` runs them on
//! PostgreSQL; without it they run on SQLite.

mod alerts;
mod app;
mod audit;
mod contributions;
mod doors;
mod flags;
mod house;
mod inbox;
mod keeping;
mod leaving;
mod ledger;
mod notifications;
mod office;
mod pages;
mod platform;
mod post;
mod process;
mod recognition;
mod sign_in;
mod tokens;
mod web;
