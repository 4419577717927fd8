use axum::{Json, extract::State};
use kernel::{Points, Timestamp};
use platform::{
    Context,
    web::{self, Page, Paged, Query, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::{Organizer, PublicSeason},
    reads::{self, ResultView},
    rules::seasons::SeasonCorrection,
};

/// A page of the results of a season.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "final_at": "2026-11-20T08:00:00Z", "correction": 0, "corrections": 0, "numbered_corrections": [],
    "items": [{ "rank": 1, "login": "wren-oak", "points": 430, "merged": 5, "has_reached_goal": true }],
    "next_cursor": null
}))]
pub(super) struct ResultsPage {
    /// When the results became final. Null while they are provisional.
    #[schema(value_type = Option<String>, format = DateTime)]
    final_at: Option<Timestamp>,
    /// The number of the correction after which the results are listed; 0 for those of the sign-off.
    correction: i64,
    /// The decisions after the results became final, earliest first.
    numbered_corrections: Vec<SeasonCorrectionView>,
    /// The number of ledger entries that came after the results became final. The leaderboard lists them.
    corrections: i64,
    /// The results, by rank.
    items: Vec<ResultItem>,
    /// Pass it as `cursor` to get the next page. Null on the last page.
    next_cursor: Option<String>,
}

impl Page for ResultsPage {
    fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref()
    }
}

/// Decisions made together after the results of a season became final.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SeasonCorrection)]
pub(super) struct SeasonCorrectionView {
    /// The number, from 1. Pass it as `correction` for the results after it.
    number: i64,
    /// When it was posted.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The number of people whose points it changes.
    people: i64,
}

impl From<SeasonCorrection<Uuid>> for SeasonCorrectionView {
    fn from(it: SeasonCorrection<Uuid>) -> Self {
        Self { number: it.number, at: it.at, people: it.changes.len() as i64 }
    }
}

/// The part of the results.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ResultsQuery {
    /// The number of items per page: 20 by default, at most 100.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 100, example = 20)]
    limit: Option<i64>,
    /// The `next_cursor` from the previous page.
    #[param(value_type = String, required = false)]
    cursor: Option<String>,
    /// The number of a correction, for the results after it. Those of the sign-off by default.
    #[param(value_type = i64, required = false, minimum = 0, example = 0)]
    correction: Option<i64>,
}

/// A person's result.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct ResultItem {
    /// The rank. People with equal points share a rank.
    rank: i64,
    /// The person's login. Empty if the person is no longer shown on leaderboards.
    login: String,
    /// The person's points.
    #[schema(value_type = i64)]
    points: Points,
    /// The number of merged pull requests that earned points.
    merged: i64,
    /// True if the goal was reached.
    has_reached_goal: bool,
}

impl From<ResultView> for ResultItem {
    fn from(view: ResultView) -> Self {
        Self {
            rank: view.rank,
            login: view.login,
            points: view.points,
            merged: view.merged,
            has_reached_goal: view.has_reached_goal,
        }
    }
}

/// Lists the results of a season, by rank. They are provisional until an organizer makes them final.
#[utoipa::path(
    get,
    path = "/api/v1/seasons/{slug}/results",
    operation_id = "list_season_results",
    tag = "Seasons",
    params(ResultsQuery),
    responses(
        (status = 200, description = "A page of the results", body = ResultsPage),
        (status = 404, description = "No published season has this slug, or it has no such correction")
    )
)]
pub(super) async fn results(
    State(context): State<Context>,
    PublicSeason(season): PublicSeason,
    Query(query): Query<ResultsQuery>,
) -> Result<Paged<ResultsPage>, WebError> {
    let limit = web::limit(query.limit)?;
    let (cursor, correction) = (query.cursor.as_deref(), query.correction.unwrap_or(0));
    let corrections = reads::season_corrections(&context.db, &season).await?;
    let until = reads::corrections_until(&season, &corrections, correction)?;
    let page = reads::results_page(&context.db, &season, until, cursor, limit).await?;
    let state = recognition::reads::board_state(&context.db, &season.board()).await?;
    Ok(Paged(ResultsPage {
        final_at: season.signed_off_at,
        correction,
        numbered_corrections: corrections.into_iter().map(Into::into).collect(),
        corrections: state.corrections,
        items: page.items.into_iter().map(Into::into).collect(),
        next_cursor: page.next,
    }))
}

/// All results of a season, for prizes.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "final_at": "2026-11-20T08:00:00Z",
    "items": [{
        "rank": 1, "login": "wren-oak", "points": 430, "merged": 5, "has_reached_goal": true,
        "email": "wren@example.com"
    }]
}))]
pub(super) struct PrizeList {
    /// When the results became final. Null while they are provisional.
    #[schema(value_type = Option<String>, format = DateTime)]
    final_at: Option<Timestamp>,
    /// The results, by rank.
    items: Vec<PrizeItem>,
}

/// A person's result, with the email address if they agreed to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PrizeItem {
    #[serde(flatten)]
    result: ResultItem,
    /// The verified email address. Null if the person did not agree that organizers see it.
    email: Option<String>,
}

/// Lists all results of a season with the email addresses of those who agreed to it.
#[utoipa::path(
    get,
    path = "/api/v1/seasons/{slug}/prizes",
    operation_id = "list_season_prizes",
    tag = "Seasons",
    responses((status = 200, description = "All results", body = PrizeList)),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn prizes(
    State(context): State<Context>,
    Organizer { season, .. }: Organizer,
) -> Result<Json<PrizeList>, WebError> {
    let rows = reads::prizes(&context.db, &season).await?;
    let item = |view: ResultView| PrizeItem { email: view.email.clone(), result: view.into() };
    Ok(Json(PrizeList {
        final_at: season.signed_off_at,
        items: rows.into_iter().map(item).collect(),
    }))
}
