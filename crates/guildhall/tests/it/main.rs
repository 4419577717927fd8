//! The server's integration tests: one binary. `TEST_DATABASE_URL=postgres://…` runs them on
//! PostgreSQL; without it they run on SQLite.

mod admin;
mod alerts;
mod api;
mod app;
mod audit;
mod auth;
mod backup;
mod contributions;
mod flags;
mod inbox;
mod ledger;
mod messages;
mod modules;
mod notifications;
mod pages;
mod platform;
mod privacy;
mod process;
mod recognition;
mod sign_in;
mod tokens;
mod web;

/// The programmes whose tests take part in those of every module.
const PROGRAMMES: &[app::programme::ProgrammeTests] = &[contributions::app::TESTS];
