use askama::Template;
use axum::{Extension, extract::State};
use platform::Context;
use ui::{
    PageResult,
    format::{self, Number},
    show,
};

use crate::{
    Programmes,
    access::Leaderboard,
    model::BoardFamily,
    reads::{self, MonthBoard},
};

/// A month in the list.
struct MonthLink {
    address: String,
    label: String,
    people: String,
}

#[derive(Template)]
#[template(path = "months.html")]
struct MonthsPage {
    months: Vec<MonthLink>,
    families: Vec<&'static BoardFamily>,
}

/// `GET /leaderboards/months`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
) -> PageResult {
    let link = |board: MonthBoard| MonthLink {
        address: Leaderboard::Month(board.month).address(),
        label: format::month(board.month),
        people: Number(board.people).of("person", "people"),
    };
    let months = reads::months(&context.db).await?;
    show(&MonthsPage {
        months: months.into_iter().map(link).collect(),
        families: programmes.boards().collect(),
    })
}
