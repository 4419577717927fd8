//! The API of leaderboards and ledger checks.

mod board;
mod checks;
mod leaderboards;

use platform::Context;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use board::{BoardItem, BoardPage, PageQuery, Rank, RankOf};

/// Routes of ledger checks and of the leaderboards that need no programme.
pub(crate) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(leaderboards::global))
        .routes(routes!(leaderboards::global_rank))
        .routes(routes!(leaderboards::month))
        .routes(routes!(leaderboards::month_rank))
        .routes(routes!(checks::checks, checks::check))
}
