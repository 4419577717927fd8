//! The server's integration tests, as one binary. They run on PostgreSQL with `TEST_DATABASE_URL=postgres://…`, and
//! otherwise on SQLite.

// The settings of all kinds of notifications are one JSON value.
#![recursion_limit = "256"]

/// The program's allocator. A tenth of the tests' time goes into memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod admin;
mod alerts;
mod api;
mod app;
mod audit;
mod auth;
mod backup;
mod badges;
mod code;
mod community;
mod contributions;
mod ctf;
mod discovery;
mod flags;
mod github_app;
mod hackathons;
mod inbox;
mod ledger;
mod messages;
mod modules;
mod notifications;
mod operations;
mod ops;
mod pages;
mod pictures;
mod platform;
mod privacy;
mod process;
mod promised;
mod recognition;
mod registration;
mod setup;
mod sign_in;
mod syncs;
mod tokens;
mod upgrade;
mod web;
mod work;

/// The programmes that take part in the tests of all modules.
const PROGRAMMES: &[app::programme::ProgrammeTests] =
    &[contributions::app::TESTS, ctf::app::TESTS, discovery::app::TESTS, hackathons::app::TESTS];
