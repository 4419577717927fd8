//! Points and honours for every programme: the ledger and the leaderboards.
//! Owns `point_transactions`, `boards`, `board_rows`, `board_histogram`. Knows kernel, platform,
//! identity. Never knows a programme: modules hand it entitlements and board keys.

pub mod actions;
pub mod api;
pub mod model;
pub mod reads;
pub mod rules;
mod store;
pub mod verify;

use platform::module::{Module, Personal, Table};

/// The module's description of itself.
pub const MODULE: Module = Module {
    name: "recognition",
    tables: &[
        Table::new(
            "point_transactions",
            "points posted",
            Personal::Pseudonymous,
            "forever",
        ),
        Table::new("boards", "boards", Personal::None, "forever"),
        Table::new(
            "board_rows",
            "people on boards",
            Personal::Pseudonymous,
            "forever",
        ),
        Table::new(
            "board_histogram",
            "buckets of points",
            Personal::None,
            "forever",
        ),
    ],
    migrations: store::migrations,
    api: api::routes,
    export: Some(|tx, person| Box::pin(reads::export(tx, person.into()))),
    ..Module::EMPTY
};
