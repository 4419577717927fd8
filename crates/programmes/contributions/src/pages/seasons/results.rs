use askama::Template;
use axum::{extract::State, response::Response};
use kernel::Problem;
use platform::Context;
use serde::Deserialize;
use ui::{
    PageError, PageResult, QueryString,
    csv::{self, Cell},
    format::{Instant, Number, segment},
    show,
};

use super::{SeasonCard, versions::Versions};
use crate::{
    access::{Organizer, PublicSeason},
    reads::{self, ResultView},
    rules::seasons::correction_of,
};

/// The number of results on a page.
const ROWS: i64 = 50;
/// The number of corrections listed.
const CORRECTIONS: i64 = 50;

/// The part of the list that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ResultsQuery {
    cursor: String,
    correction: String,
}

impl ResultsQuery {
    fn cursor(&self) -> Option<&str> {
        Some(self.cursor.as_str()).filter(|cursor| !cursor.is_empty())
    }

    fn correction(&self) -> Result<i64, Problem> {
        correction_of(&self.correction)
    }
}

#[derive(Template)]
#[template(path = "season_results.html")]
struct ResultsPage {
    season: SeasonCard,
    final_at: Option<Instant>,
    rows: Vec<ResultView>,
    corrections: Vec<recognition::pages::CorrectionRow>,
    corrected: Number,
    /// The corrections since the sign-off, of which one may be chosen.
    versions: Versions,
    next: Option<String>,
    is_first: bool,
    asked: String,
}

/// `GET /seasons/{slug}/results`.
pub(super) async fn page(
    State(context): State<Context>,
    axum::Extension(programmes): axum::Extension<recognition::Programmes>,
    PublicSeason(season): PublicSeason,
    QueryString(query): QueryString<ResultsQuery>,
) -> PageResult {
    let numbered = reads::season_corrections(&context.db, &season).await?;
    let until = reads::corrections_until(&season, &numbered, query.correction()?)?;
    let found = reads::results_page(&context.db, &season, until, query.cursor(), ROWS).await?;
    let key = season.board();
    let state = recognition::reads::board_state(&context.db, &key).await?;
    let corrections =
        recognition::pages::CorrectionRow::read(&context, programmes, &key, CORRECTIONS).await?;
    show(&ResultsPage {
        versions: Versions::of(&numbered, query.correction()?),
        season: SeasonCard::of(&season, context.now()),
        final_at: season.signed_off_at.map(Instant),
        rows: found.items,
        corrections,
        corrected: Number(state.corrections),
        next: found.next.map(|next| segment(&next)),
        is_first: query.cursor.is_empty(),
        asked: segment(&query.cursor),
    })
}

/// `GET /seasons/{slug}/results.csv`: the rows that the page shows.
pub(super) async fn csv(
    State(context): State<Context>,
    PublicSeason(season): PublicSeason,
    QueryString(query): QueryString<ResultsQuery>,
) -> Result<Response, PageError> {
    let numbered = reads::season_corrections(&context.db, &season).await?;
    let until = reads::corrections_until(&season, &numbered, query.correction()?)?;
    let found = reads::results_page(&context.db, &season, until, query.cursor(), ROWS).await?;
    let state = match season.signed_off_at {
        Some(_) => "final",
        None => "provisional",
    };
    let name = format!("{}-results", season.slug);
    let head = ["rank", "person", "points", "merged", "goal_reached", "state"];
    let rows = found.items.into_iter().map(|row| {
        let [rank, person, points, merged, goal] = cells(row);
        [rank, person, points, merged, goal, state.into()]
    });
    Ok(csv::file(&name, head, rows))
}

fn cells(row: ResultView) -> [Cell; 5] {
    let goal = if row.has_reached_goal { "yes" } else { "no" };
    [row.rank.into(), row.login.into(), row.points.into(), row.merged.into(), goal.into()]
}

/// `GET /seasons/{slug}/prizes.csv`: all results, with the email addresses of those who agreed to it.
pub(super) async fn prizes(
    State(context): State<Context>,
    Organizer { season, .. }: Organizer,
) -> Result<Response, PageError> {
    let rows = reads::prizes(&context.db, &season).await?;
    let name = format!("{}-prizes", season.slug);
    let head = ["rank", "person", "points", "merged", "goal_reached", "email"];
    let rows = rows.into_iter().map(|mut row| {
        let email = row.email.take().unwrap_or_default();
        let [rank, person, points, merged, goal] = cells(row);
        [rank, person, points, merged, goal, email.into()]
    });
    Ok(csv::file(&name, head, rows))
}
