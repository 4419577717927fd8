use askama::Template;
use axum::{Extension, extract::State};
use platform::Context;
use ui::{
    PageResult,
    format::{self, Number},
    show,
};

use super::{leaderboard::SelectedLeaderboard, shown_boards};
use crate::{
    Programmes,
    model::BoardFamily,
    reads::{self, MonthBoard},
};

/// A month in the list.
struct MonthLink {
    address: String,
    label: String,
    people: String,
    /// `final` or `provisional`.
    state: &'static str,
}

#[derive(Template)]
#[template(path = "months.html")]
struct MonthsPage {
    /// The heading and the path of the leaderboard of all time.
    leaderboard: String,
    address: String,
    heading: String,
    months: Vec<MonthLink>,
    families: Vec<&'static BoardFamily>,
}

/// `GET` of `/months` below a leaderboard's page.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    SelectedLeaderboard(leaderboard): SelectedLeaderboard,
) -> PageResult {
    let link = |board: MonthBoard| MonthLink {
        address: leaderboard.at(Some(board.month)).address(),
        label: format::month(board.month),
        people: Number(board.people).of("person", "people"),
        state: match board.final_at {
            Some(_) => "final",
            None => "provisional",
        },
    };
    let months = reads::months(&context.db, leaderboard.board()).await?;
    show(&MonthsPage {
        leaderboard: leaderboard.heading(),
        address: leaderboard.address(),
        heading: leaderboard.months_heading(),
        months: months.into_iter().map(link).collect(),
        families: shown_boards(programmes).collect(),
    })
}
