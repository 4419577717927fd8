//! The API of leaderboards, people and their points, badges and ledger checks.

mod badges;
mod board;
mod checks;
mod leaderboards;
mod listing;
mod people;

use platform::Context;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use board::{BoardItem, BoardPage, PageQuery, Rank, RankOf};

/// Routes of people, of ledger checks, of badges, and of the leaderboards that need no programme.
pub(crate) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(leaderboards::global))
        .routes(routes!(leaderboards::global_rank))
        .routes(routes!(leaderboards::month))
        .routes(routes!(leaderboards::month_rank))
        .routes(routes!(leaderboards::finalize))
        .routes(routes!(listing::listing, listing::set_listing))
        .routes(routes!(checks::checks, checks::check))
        .routes(routes!(people::person))
        .routes(routes!(people::transactions))
        .merge(badges::routes())
}
