//! Pages of leaderboards and ledger checks.

mod board;
mod change;
mod events;
#[cfg(test)]
mod fuzz;
mod leaderboard;
mod ledger;
mod months;
mod own_rank;
mod progress;
mod words;

use axum::{
    Extension, Router,
    routing::{get, post},
};
use platform::Context;

use crate::model::BoardFamily;

pub use board::{Board, Row};
pub use change::Change;
pub(crate) use events::FLAG as LIVE_UPDATES;
pub(crate) use own_rank::PANELS;
pub use progress::{Goal, Progress};

/// Routes of the pages that need no programme.
pub(crate) fn routes() -> Router<Context> {
    Router::new()
        .merge(leaderboards("/leaderboards"))
        .route("/admin/ledger", get(ledger::page))
        .route("/admin/ledger/verify", post(ledger::verify))
        .merge(events::routes())
}

/// Routes of the pages of a board family, for the programme that adds it.
pub fn routes_of(family: &'static BoardFamily) -> Router<Context> {
    leaderboards(&format!("/leaderboards/{}/{{slug}}", family.many)).layer(Extension(family))
}

/// Routes of a leaderboard of all time and of months.
fn leaderboards(address: &str) -> Router<Context> {
    let months = format!("{address}/months");
    let month = format!("{months}/{{month}}");
    Router::new()
        .route(address, get(leaderboard::page))
        .route(&format!("{address}/board.csv"), get(leaderboard::csv))
        .route(&months, get(months::page))
        .route(&month, get(leaderboard::page))
        .route(&format!("{month}/board.csv"), get(leaderboard::csv))
}
