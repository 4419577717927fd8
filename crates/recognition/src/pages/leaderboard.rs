use std::collections::HashMap;

use askama::Template;
use axum::{
    Extension,
    extract::{FromRequestParts, State},
    http::request::Parts,
    response::Response,
};
use kernel::{Month, Problem};
use platform::{Context, db::DbError};
use ui::{Address, Asked, PageError, PageResult, csv, show};

use super::{
    board::{Board, BoardQuery, FoundBoard, Missing, Row},
    words::Choice,
};
use crate::{
    Programmes,
    access::{Leaderboard, family},
    model::BoardFamily,
};

/// The maximum number of leaderboards of a family that a page links to.
const CHOICES: i64 = 100;

/// The leaderboard selected by a page's URL. Errors are shown as a page.
pub(super) struct Shown(pub(super) Leaderboard);

impl FromRequestParts<Context> for Shown {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, PageError> {
        let Address(parameters): Address<HashMap<String, String>> =
            Address::from_request_parts(parts, context).await?;
        let found = Leaderboard::find(context, family(parts), &parameters).await?;
        Ok(Self(found))
    }
}

#[derive(Template)]
#[template(path = "leaderboard.html")]
struct LeaderboardPage {
    heading: String,
    introduction: String,
    caption: String,
    address: String,
    /// The URL of the same part as CSV.
    csv: String,
    periods: Vec<Choice>,
    families: Vec<Family>,
    board: Board,
    nothing: String,
    around: String,
    missing: Option<Missing>,
}

/// Links to the leaderboards of a family.
struct Family {
    /// The plural noun.
    many: &'static str,
    /// The path of the page that lists them.
    address: &'static str,
    scope: String,
    choices: Vec<Choice>,
}

/// `GET` of a leaderboard's page.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    Shown(leaderboard): Shown,
    Asked(query): Asked<BoardQuery>,
) -> PageResult {
    let FoundBoard { board, missing } = Board::asked(&context, &leaderboard, &query).await?;
    let mut families = Vec::new();
    for family in programmes.boards() {
        families.push(Family::of(&context, family, &leaderboard).await?);
    }
    show(&LeaderboardPage {
        heading: leaderboard.heading(),
        introduction: leaderboard.introduction(),
        caption: format!("{}: {}", leaderboard.heading(), board.span()),
        address: leaderboard.address(),
        csv: format!("{}/board.csv{}", leaderboard.address(), query.as_asked()),
        periods: leaderboard.periods(Month::of(context.now())),
        families,
        nothing: leaderboard.nothing(),
        around: query.around,
        missing,
        board,
    })
}

/// `GET` of `/board.csv` below a leaderboard's page: the rows that the page shows.
pub(super) async fn csv(
    State(context): State<Context>,
    Shown(leaderboard): Shown,
    Asked(query): Asked<BoardQuery>,
) -> Result<Response, PageError> {
    let FoundBoard { board, missing } = Board::asked(&context, &leaderboard, &query).await?;
    if let Some(missing) = missing {
        return Err(Problem::not_found(missing.reason).into());
    }
    let name = leaderboard.address().replace('/', " ").trim().to_owned();
    if !board.has_changes() {
        let rows = board.rows.into_iter().map(Row::cells);
        return Ok(csv::file(&name, Row::HEAD, rows));
    }
    let [rank, tied, person, percentile, to_next, points] = Row::HEAD;
    let change = "change_since_previous_month";
    let head = [rank, tied, person, percentile, to_next, points, change];
    let rows = board.rows.into_iter().map(|row| {
        let change = row.change_cell();
        let [rank, tied, person, percentile, to_next, points] = row.cells();
        [rank, tied, person, percentile, to_next, points, change]
    });
    Ok(csv::file(&name, head, rows))
}

impl Family {
    async fn of(
        context: &Context,
        family: &'static BoardFamily,
        shown: &Leaderboard,
    ) -> Result<Self, DbError> {
        let boards = (family.list)(context, CHOICES).await?;
        let everything = (!boards.is_empty()).then(|| shown.everything(family));
        let choices = boards.into_iter().map(|board| shown.choice(family, board));
        Ok(Self {
            many: family.many,
            address: family.address,
            scope: shown.scope(family),
            choices: everything.into_iter().chain(choices).collect(),
        })
    }
}
