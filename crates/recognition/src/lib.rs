//! Points and honours for every programme: the ledger and the leaderboards.
//! Owns `point_transactions`, `boards`, `board_rows`, `board_histogram`. Knows kernel, platform, ui and
//! identity. Knows programmes only by the trait [`Programme`], which they implement.

pub mod actions;
pub mod api;
pub mod jobs;
pub mod model;
mod programme;
pub mod reads;
pub mod rules;
mod store;

use axum::Extension;
use platform::module::{AlertRule, Module, Personal, Table};

pub use programme::{Programme, Programmes};

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
    jobs: jobs::jobs,
    alerts: &[AlertRule {
        kind: actions::LEDGER,
        look: None,
        covers: &[jobs::VERIFICATION],
    }],
    provide: |services, router| router.layer(Extension(Programmes::of(services))),
    export: Some(|tx, person| Box::pin(reads::export(tx, person.into()))),
    ..Module::EMPTY
};
