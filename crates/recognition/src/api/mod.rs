//! The API of leaderboards, badges and ledger checks.

mod badges;
mod board;
mod checks;
mod leaderboards;
mod listing;

use platform::Context;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use board::{BoardItem, BoardPage, PageQuery, Rank, RankOf};

/// Routes of ledger checks, of badges, and of the leaderboards that need no programme.
pub(crate) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(leaderboards::global))
        .routes(routes!(leaderboards::global_rank))
        .routes(routes!(leaderboards::month))
        .routes(routes!(leaderboards::month_rank))
        .routes(routes!(leaderboards::finalize))
        .routes(routes!(listing::listing, listing::set_listing))
        .routes(routes!(checks::checks, checks::check))
        .merge(badges::routes())
}
