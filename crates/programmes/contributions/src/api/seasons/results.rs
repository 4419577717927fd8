use axum::{Json, extract::State};
use kernel::{Points, Timestamp};
use platform::{
    Context,
    web::{ListQuery, Page, Paged, Query, WebError},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::{Organizer, PublicSeason},
    reads::{self, ResultView},
};

/// A page of the results of a season.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "final_at": "2026-11-20T08:00:00Z", "corrections": 0,
    "items": [{ "rank": 1, "login": "wren-oak", "points": 430, "merged": 5, "has_reached_goal": true }],
    "next_cursor": null
}))]
pub(super) struct ResultsPage {
    /// When the results became final. Null while they are provisional.
    #[schema(value_type = Option<String>, format = DateTime)]
    final_at: Option<Timestamp>,
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
    params(ListQuery),
    responses(
        (status = 200, description = "A page of the results", body = ResultsPage),
        (status = 404, description = "No published season has this slug")
    )
)]
pub(super) async fn results(
    State(context): State<Context>,
    PublicSeason(season): PublicSeason,
    Query(query): Query<ListQuery>,
) -> Result<Paged<ResultsPage>, WebError> {
    let limit = query.limit()?;
    let cursor = query.cursor.as_deref();
    let page = reads::results_page(&context.db, &season, cursor, limit).await?;
    let state = recognition::reads::board_state(&context.db, &season.board()).await?;
    Ok(Paged(ResultsPage {
        final_at: season.signed_off_at,
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

/// A person's result, with the e-mail address if they agreed to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PrizeItem {
    #[serde(flatten)]
    result: ResultItem,
    /// The verified e-mail address. Null if the person did not agree that organizers see it.
    email: Option<String>,
}

/// Lists all results of a season with the e-mail addresses of those who agreed to it.
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
