use axum::{Extension, Json, extract::State};
use identity::access::Admin;
use kernel::Timestamp;
use platform::{
    Context,
    web::{Paged, Path, Query, WebError},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::board::{BoardPage, PageQuery, Rank, RankOf};
use crate::{
    Programmes,
    access::{Leaderboard, MonthOf, month_of},
    actions::finalize_month,
    model::{Finalizer, month_board},
    reads,
};

/// Lists people on the all-time leaderboard, by rank.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/global",
    operation_id = "list_leaderboard",
    tag = "Leaderboards",
    params(PageQuery),
    responses(
        (status = 200, description = "A page of the leaderboard", body = BoardPage),
    )
)]
pub(super) async fn global(
    State(context): State<Context>,
    Query(query): Query<PageQuery>,
    leaderboard: Leaderboard,
) -> Result<Paged<BoardPage>, WebError> {
    let page = BoardPage::of(&context, &leaderboard, &query).await?;
    Ok(Paged(page))
}

/// Returns a person's rank on the all-time leaderboard.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/global/ranks/{login}",
    operation_id = "get_leaderboard_rank",
    tag = "Leaderboards",
    responses((status = 200, description = "The person's rank", body = Rank))
)]
pub(super) async fn global_rank(
    State(context): State<Context>,
    Path(RankOf { login }): Path<RankOf>,
    leaderboard: Leaderboard,
) -> Result<Json<Rank>, WebError> {
    Rank::of(&context, &leaderboard, &login).await.map(Json)
}

/// Lists people on the leaderboard of a month, by rank.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/months/{month}",
    operation_id = "list_month_leaderboard",
    tag = "Leaderboards",
    params(PageQuery),
    responses(
        (status = 200, description = "A page of the leaderboard", body = BoardPage),
        (status = 400, description = "The month or a query parameter is invalid")
    )
)]
pub(super) async fn month(
    State(context): State<Context>,
    Query(query): Query<PageQuery>,
    leaderboard: Leaderboard,
) -> Result<Paged<BoardPage>, WebError> {
    let page = BoardPage::of(&context, &leaderboard, &query).await?;
    Ok(Paged(page))
}

/// Returns a person's rank on the leaderboard of a month.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/months/{month}/ranks/{login}",
    operation_id = "get_month_leaderboard_rank",
    tag = "Leaderboards",
    responses(
        (status = 200, description = "The person's rank", body = Rank),
        (status = 400, description = "The month is invalid")
    )
)]
pub(super) async fn month_rank(
    State(context): State<Context>,
    Path(RankOf { login }): Path<RankOf>,
    leaderboard: Leaderboard,
) -> Result<Json<Rank>, WebError> {
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
