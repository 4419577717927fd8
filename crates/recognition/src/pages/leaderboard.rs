use std::collections::HashMap;

use askama::Template;
use axum::{
    Extension,
    extract::{FromRequestParts, State},
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use chrono::{Datelike, TimeDelta};
use kernel::{Month, Problem, Timestamp};
use platform::{Context, db::DbError};
use serde::Deserialize;
use ui::{
    Address, PageError, QueryString, csv,
    format::{Instant, Number, tame},
    show,
};

use super::{
    board::{Board, BoardQuery, FIRST_ROWS, FoundBoard, LeaderboardRow, Missing, ROWS},
    corrections::CorrectionRow,
    embed::markdown,
    shown_boards,
    words::{BoardChoice, PageChoice},
};
use crate::{
    Programmes,
    access::{Leaderboard, family},
    actions::month_closes_at,
    model::{BoardFamily, Finalizer},
    reads::BoardState,
};

/// The maximum number of leaderboards of a family that a page links to.
const CHOICES: i64 = 100;

/// The parameter of a page that names the programme whose points count.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    source: String,
}

/// The leaderboard selected by a page's URL. Errors are shown as a page.
pub(super) struct SelectedLeaderboard(pub(super) Leaderboard);

impl FromRequestParts<Context> for SelectedLeaderboard {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, PageError> {
        let Address(parameters): Address<HashMap<String, String>> =
            Address::from_request_parts(parts, context).await?;
        let found = Leaderboard::find(context, family(parts), &parameters).await?;
        let programmes = parts.extensions.get().copied().unwrap_or_default();
        let QueryString(asked): QueryString<Asked> =
            QueryString::from_request_parts(parts, context).await?;
        Ok(Self(found.with_source(context, programmes, asked.source.trim()).await?))
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
    /// The value of the parameter `source` in forms; empty for none.
    source: &'static str,
    sources: Vec<BoardChoice>,
    /// The points that the people on it have, in words.
    counted: String,
    /// The origins of the parts of the bars, in words.
    legend: Vec<&'static str>,
    /// The path of everyone's leaderboard of the same period, to which the choice of a leaderboard is sent.
    everyone: String,
    periods: Vec<PageChoice>,
    before: Option<PageChoice>,
    after: Option<PageChoice>,
    first: String,
    previous: Option<String>,
    families: Vec<Family>,
    board: Board,
    nothing: String,
    around: String,
    missing: Option<Missing>,
    state: Option<StateView>,
    corrections: Vec<CorrectionRow>,
    corrected: Number,
    /// The Markdown that shows the card in a README.
    embed: String,
}

impl LeaderboardPage {
    /// Returns true if there are other boards to choose.
    fn has_others(&self) -> bool {
        self.families.iter().any(|family| !family.choices.is_empty())
    }
}

/// The number of corrections listed.
const CORRECTIONS: i64 = 50;

/// The state of a leaderboard: its ranks may change, or are final.
struct StateView {
    final_at: Option<Instant>,
    /// How long ranks may change; empty once they are final.
    open: String,
    /// The kind of actor that made it final, in parentheses; empty if that is unknown.
    by: &'static str,
    /// The number of people who are counted anew so far and of all, while a job does so.
    recount: Option<(i64, i64)>,
}

impl StateView {
    /// Describes a board, unless it is one that never becomes final.
    fn of(leaderboard: &Leaderboard, state: &BoardState, open: String) -> Option<Self> {
        let recount = (state.recounted, state.to_recount);
        let by = match state.final_by {
            None => "",
            Some(Finalizer::Job) => " (by a scheduled job)",
            Some(Finalizer::Operator) => " (by an operator of this server)",
            Some(Finalizer::Person) if leaderboard.ends() => " (by an organizer)",
            Some(Finalizer::Person) => " (by an admin)",
        };
        let view = Self {
            open,
            by,
            final_at: state.final_at.map(Instant),
            recount: state.is_recounting.then_some(recount),
        };
        (leaderboard.becomes_final() || state.is_recounting).then_some(view)
    }
}

/// The leaderboards of a family.
struct Family {
    /// The plural noun.
    many: &'static str,
    /// The path of the page that lists them.
    address: &'static str,
    /// True if its leaderboards share everyone's points among them.
    is_everyone: bool,
    choices: Vec<BoardChoice>,
}

/// `GET` of a leaderboard's page.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    SelectedLeaderboard(leaderboard): SelectedLeaderboard,
    QueryString(query): QueryString<BoardQuery>,
) -> Result<Response, PageError> {
    if let Some(address) = chosen(programmes, &leaderboard, &query.board)? {
        return Ok(Redirect::to(&address).into_response());
    }
    let FoundBoard { mut board, missing } =
        Board::asked(&context, programmes, &leaderboard, &query, FIRST_ROWS).await?;
    board.bars = leaderboard.bars();
    board.more = board.next.as_ref().map(|next| leaderboard.part(&format!("cursor={next}")));
    let mut families = Vec::new();
    for family in shown_boards(programmes) {
        let is_offered = family.has_months || missing.is_none();
        if is_offered && leaderboard.offers(family) {
            families.push(Family::of(&context, family, &leaderboard).await?);
        }
    }
    let key = leaderboard.key();
    let corrections = match board.state.corrections {
        0 => Vec::new(),
        _ => CorrectionRow::read(&context, programmes, &key, CORRECTIONS).await?,
    };
    let open = match (board.state.final_at, leaderboard.month) {
        (None, Some(month)) => {
            open_until(month, month_closes_at(&context, programmes, month).await?, context.now())
        }
        (None, None) if leaderboard.ends() => {
            "Ranks may change until an organizer makes them final.".to_owned()
        }
        _ => "Ranks may still change.".to_owned(),
    };
    let now = Month::of(context.now());
    let (before, after) = leaderboard.neighbors(now);
    let periods = leaderboard.periods(now);
    // Those among the periods need no other link.
    let is_apart = |month: &PageChoice| periods.iter().all(|it| it.address != month.address);
    let rank = |rank: i64| leaderboard.part(&format!("rank={rank}"));
    let page = LeaderboardPage {
        counted: leaderboard.counted(),
        legend: leaderboard.legend(),
        source: leaderboard.source_value(),
        sources: leaderboard.sources(),
        everyone: leaderboard.everyone(),
        before: before.filter(is_apart),
        after: after.filter(is_apart),
        first: leaderboard.link(),
        previous: board.earlier.map(rank),
        state: StateView::of(&leaderboard, &board.state, open),
        corrected: Number(board.state.corrections),
        corrections,
        heading: leaderboard.heading(),
        introduction: leaderboard.introduction(),
        embed: markdown(&leaderboard.heading(), &leaderboard.address(), "card.svg"),
        caption: format!("{}: {}", leaderboard.heading(), board.span()),
        address: leaderboard.address(),
        csv: format!("{}/board.csv{}", leaderboard.address(), query.as_asked()),
        periods,
        families,
        nothing: leaderboard.nothing(),
        around: query.around,
        missing,
        board,
    };
    Ok(show(&page)?.into_response())
}

/// Says how long the ranks of a month may change, whose last fact can have closed at an instant. Days of another year have it.
fn open_until(month: Month, closes_at: Timestamp, now: Timestamp) -> String {
    let day = |at: Timestamp| {
        let is_of_year = at.year() == month.start().year();
        at.format(if is_of_year { "%-d %B" } else { "%-d %B %Y" }).to_string()
    };
    let last = month.end() - TimeDelta::days(1);
    if now < month.end() {
        format!("Open until {}, final from {}.", day(last), day(closes_at))
    } else if now < closes_at {
        format!("The month is over. Its ranks may change until {}.", day(closes_at))
    } else {
        "Its ranks become final once no points of the month have changed for a day.".to_owned()
    }
}

/// Returns the path of the leaderboard that the form of a page chose; absent for the one that is shown.
fn chosen(
    programmes: Programmes,
    shown: &Leaderboard,
    board: &str,
) -> Result<Option<String>, Problem> {
    if board.is_empty() {
        return Ok(None);
    }
    let found = shown_boards(programmes).find_map(|family| {
        let slug = board.strip_prefix(family.many)?.strip_prefix('/')?;
        (!slug.is_empty()).then(|| shown.address_of(family, slug))
    });
    let unknown = || Problem::not_found(format!("Unknown leaderboard '{}'.", tame(board)));
    found.map(Some).ok_or_else(unknown)
}

/// `GET` of `/board.csv` below a leaderboard's page: the rows that the page shows, and more of those that begin the leaderboard.
pub(super) async fn csv(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    SelectedLeaderboard(leaderboard): SelectedLeaderboard,
    QueryString(query): QueryString<BoardQuery>,
) -> Result<Response, PageError> {
    let FoundBoard { board, missing } =
        Board::asked(&context, programmes, &leaderboard, &query, ROWS).await?;
    if let Some(missing) = missing {
        return Err(Problem::not_found(missing.reason).into());
    }
    let name = leaderboard.address().replace('/', " ").trim().to_owned();
    let state = board.state.word();
    let rows = board.rows.into_iter().map(|row| row.cells(state));
    Ok(csv::file(&name, LeaderboardRow::HEAD, rows))
}

impl Family {
    async fn of(
        context: &Context,
        family: &'static BoardFamily,
        shown: &Leaderboard,
    ) -> Result<Self, DbError> {
        let boards = (family.list)(context, CHOICES).await?;
        let choices = boards.iter().map(|board| shown.choice(family, board));
        Ok(Self {
            many: family.many,
            address: family.address,
            is_everyone: family.has_months,
            choices: choices.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_says_how_long_its_ranks_may_change() {
        let at = |text: &str| -> Timestamp { text.parse().expect("an instant") };
        let month = |text: &str| -> Month { text.parse().expect("a month") };
        for (shown, closes_at, now, words) in [
            (
                "2026-11",
                "2026-12-08T00:00:00Z",
                "2026-11-30T23:59:59Z",
                "Open until 30 November, final from 8 December.",
            ),
            (
                "2026-11",
                "2026-12-08T00:00:00Z",
                "2026-12-01T00:00:00Z",
                "The month is over. Its ranks may change until 8 December.",
            ),
            (
                "2026-12",
                "2027-01-08T00:00:00Z",
                "2026-12-31T23:59:59Z",
                "Open until 31 December, final from 8 January 2027.",
            ),
            (
                "2026-11",
                "2026-12-08T00:00:00Z",
                "2026-12-08T00:00:00Z",
                "Its ranks become final once no points of the month have changed for a day.",
            ),
        ] {
            assert_eq!(open_until(month(shown), at(closes_at), at(now)), words);
        }
    }
}
