//! Pages of leaderboards, profiles, badges and ledger checks.

mod badges;
mod board;
mod board_csv;
mod cards;
mod change;
mod corrections;
mod deeds;
mod embed;
mod finalize;
mod front;
mod front_moments;
mod front_people;
#[cfg(test)]
mod fuzz;
mod home;
mod leaderboard;
mod ledger;
mod listing;
mod live;
mod months;
mod own_rank;
mod person;
mod profile;
mod progress;
mod rank_and_days;
mod rank_history;
mod today;
mod words;

use axum::{
    Extension, Router,
    routing::{get, post},
};
use platform::{Context, module::Panel};

use crate::{Programmes, model::BoardFamily};

pub use badges::Medal;
pub use board::{Board, LeaderboardRow};
pub use change::RankChange;
pub use corrections::CorrectionRow;
pub use deeds::{FirstPeople, PointPart};
pub use person::{first_instant, read_days};
pub use progress::{Goal, Progress};
pub use rank_and_days::{RankAndDays, RankView};

/// The query parameters that pages of leaderboards and their tables read.
pub const BOARD_PARAMETERS: &[&str] = &["around", "cursor", "rank"];

/// The query parameters that pages of everyone's leaderboards and their tables read.
pub const EVERYONE_PARAMETERS: &[&str] = &["around", "board", "cursor", "rank", "source"];

/// The panels of this module.
pub(crate) const PANELS: &[Panel] =
    &[own_rank::PANEL, finalize::PANEL, badges::panels::OWN, badges::panels::OF_PERSON];

/// Routes of the pages that need no programme.
pub(crate) fn routes() -> Router<Context> {
    Router::new()
        .route("/", get(home::home))
        .route("/first-steps/hide", post(today::hide))
        .merge(leaderboards("/leaderboards", true))
        .route("/leaderboards/months/{month}/finalize", get(finalize::ask).post(finalize::finalize))
        .route("/people/{login}", get(profile::page))
        .route("/people/{login}/ledger.csv", get(profile::ledger_csv))
        .route("/people/{login}/card.svg", get(cards::person::card))
        .route("/settings/listing", get(listing::page).post(listing::save))
        .route("/people/{login}/days.csv", get(person::days_csv))
        .route("/people/{login}/feed.atom", get(person::feed))
        .route("/admin/ledger", get(ledger::page))
        .route("/admin/ledger/verify", post(ledger::verify))
        .merge(badges::routes())
        .merge(live::routes())
}

/// Routes of the pages of a board family, for the programme that adds it.
pub fn routes_of(family: &'static BoardFamily) -> Router<Context> {
    let address = format!("/leaderboards/{}/{{slug}}", family.many);
    leaderboards(&address, family.has_months).layer(Extension(family))
}

/// Returns the board families whose programs are on for the viewer of the rendered page.
fn shown_boards(programmes: Programmes) -> impl Iterator<Item = &'static BoardFamily> {
    programmes.boards().filter(|family| family.flag.is_none_or(ui::frame::shows))
}

/// Routes of a leaderboard of all time, and of months if it has any.
fn leaderboards(address: &str, has_months: bool) -> Router<Context> {
    let routes = Router::new()
        .route(address, get(leaderboard::page))
        .route(&format!("{address}/board.csv"), get(leaderboard::csv))
        .route(&format!("{address}/card.svg"), get(cards::board::card));
    if !has_months {
        return routes;
    }
    let months = format!("{address}/months");
    let month = format!("{months}/{{month}}");
    routes
        .route(&months, get(months::page))
        .route(&month, get(leaderboard::page))
        .route(&format!("{month}/board.csv"), get(leaderboard::csv))
        .route(&format!("{month}/card.svg"), get(cards::board::card))
}
