use axum::{Extension, Json, extract::State};
use identity::access::Admin;
use kernel::Timestamp;
use platform::{
    Context,
    web::{Paged, Path, Query, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::board::{BoardPage, PageQuery, Rank, RankOf};
use crate::{
    Programmes,
    access::{Leaderboard, MonthOf, PointSource, month_of, source_named},
    actions::finalize_month,
    model::{Finalizer, month_board},
    reads,
};

/// The part of everyone's leaderboard that is asked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct BoardQuery {
    /// The number of items per page: 20 by default, at most 100.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 100, example = 20)]
    limit: Option<i64>,
    /// The `next_cursor` from the previous page. Cannot be combined with `rank`.
    #[param(value_type = String, required = false)]
    cursor: Option<String>,
    /// Start the page at this rank, with everyone who shares it.
    #[param(value_type = i64, required = false, minimum = 1)]
    rank: Option<i64>,
    /// The program whose points count, such as `contributions` or `hackathons`; `all` by default.
    #[param(required = false, example = "all")]
    source: String,
}

impl BoardQuery {
    fn page(&self) -> PageQuery {
        PageQuery { limit: self.limit, cursor: self.cursor.clone(), rank: self.rank }
    }
}

/// The points that count for a rank.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct SourceQuery {
    /// The program whose points count, such as `contributions` or `hackathons`; `all` by default.
    #[param(required = false, example = "all")]
    source: String,
}

/// Returns a leaderboard for the points of a programme; those of all without a name.
async fn sourced(
    context: &Context,
    programmes: Programmes,
    leaderboard: Leaderboard,
    source: &str,
) -> Result<Leaderboard, WebError> {
    if source.is_empty() {
        return Ok(leaderboard);
    }
    let all = PointSource::all(context, programmes).await?;
    Ok(leaderboard.of(source_named(&all, source)?))
}

/// Lists people on the all-time leaderboard, by rank.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/global",
    operation_id = "list_leaderboard",
    tag = "Leaderboards",
    params(BoardQuery),
    responses(
        (status = 200, description = "A page of the leaderboard", body = BoardPage),
    )
)]
pub(super) async fn global(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    Query(query): Query<BoardQuery>,
    leaderboard: Leaderboard,
) -> Result<Paged<BoardPage>, WebError> {
    let leaderboard = sourced(&context, programmes, leaderboard, &query.source).await?;
    let page = BoardPage::of(&context, &leaderboard, &query.page()).await?;
    Ok(Paged(page))
}

/// Returns a person's rank on the all-time leaderboard.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/global/ranks/{login}",
    operation_id = "get_leaderboard_rank",
    tag = "Leaderboards",
    params(SourceQuery),
    responses((status = 200, description = "The person's rank", body = Rank))
)]
pub(super) async fn global_rank(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    Path(RankOf { login }): Path<RankOf>,
    Query(SourceQuery { source }): Query<SourceQuery>,
    leaderboard: Leaderboard,
) -> Result<Json<Rank>, WebError> {
    let leaderboard = sourced(&context, programmes, leaderboard, &source).await?;
    Rank::of(&context, &leaderboard, &login).await.map(Json)
}

/// Lists people on the leaderboard of a month, by rank.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/months/{month}",
    operation_id = "list_month_leaderboard",
    tag = "Leaderboards",
    params(BoardQuery),
    responses(
        (status = 200, description = "A page of the leaderboard", body = BoardPage),
        (status = 400, description = "The month or a query parameter is invalid")
    )
)]
pub(super) async fn month(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    Query(query): Query<BoardQuery>,
    leaderboard: Leaderboard,
) -> Result<Paged<BoardPage>, WebError> {
    let leaderboard = sourced(&context, programmes, leaderboard, &query.source).await?;
    let page = BoardPage::of(&context, &leaderboard, &query.page()).await?;
    Ok(Paged(page))
}

/// Returns a person's rank on the leaderboard of a month.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/months/{month}/ranks/{login}",
    operation_id = "get_month_leaderboard_rank",
    tag = "Leaderboards",
    params(SourceQuery),
    responses(
        (status = 200, description = "The person's rank", body = Rank),
        (status = 400, description = "The month or the source is invalid")
    )
)]
pub(super) async fn month_rank(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    Path(RankOf { login }): Path<RankOf>,
    Query(SourceQuery { source }): Query<SourceQuery>,
    leaderboard: Leaderboard,
) -> Result<Json<Rank>, WebError> {
    let leaderboard = sourced(&context, programmes, leaderboard, &source).await?;
    Rank::of(&context, &leaderboard, &login).await.map(Json)
}

/// A month whose leaderboards are final.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "month": "2026-10", "final_at": "2026-11-08T09:25:00Z", "finalized_by": "person", "is_new": true
}))]
pub(super) struct FinalMonth {
    /// The month.
    month: String,
    /// When it became final.
    #[schema(value_type = Option<String>, format = DateTime)]
    final_at: Option<Timestamp>,
    /// The kind of actor that made it final: a `job`, an `operator` of the server, or a `person`. Null if an earlier release
    /// made it final.
    finalized_by: Option<&'static str>,
    /// True when this request made it final. False when it was final already.
    is_new: bool,
}

/// Makes all leaderboards of a month final, once its points can no longer change. Repeating it changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/leaderboards/months/{month}/finalize",
    operation_id = "finalize_month",
    tag = "Leaderboards",
    responses(
        (status = 200, description = "The month is final, by this request or before", body = FinalMonth),
        (status = 400, description = "The month is invalid"),
        (status = 404, description = "The month has no points"),
        (status = 409, description = "Points of the month may still change until the time that `detail` names, or are not settled yet")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn finalize(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    Admin(viewer): Admin,
    Path(MonthOf { month }): Path<MonthOf>,
) -> Result<Json<FinalMonth>, WebError> {
    let month = month_of(&context, &month).await?;
    let is_new = finalize_month(&context, programmes, viewer.actor(), month).await?;
    let state = reads::board_state(&context.db, &month_board(month)).await?;
    Ok(Json(FinalMonth {
        month: month.to_string(),
        final_at: state.final_at,
        finalized_by: state.final_by.map(Finalizer::as_str),
        is_new,
    }))
}
