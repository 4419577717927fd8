use axum::{Json, extract::State};
use platform::{
    Context,
    web::{Path, Query, WebError},
};

use super::board::{BoardPage, PageQuery, Rank, RankOf};
use crate::access::Leaderboard;

/// A page of the leaderboard of everyone, all time.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/global",
    operation_id = "leaderboard",
    tag = "Leaderboards",
    params(PageQuery),
    responses(
        (status = 200, description = "The page", body = BoardPage),
        (status = 400, description = "The query cannot be read")
    )
)]
pub(super) async fn global(
    State(context): State<Context>,
    Query(query): Query<PageQuery>,
    leaderboard: Leaderboard,
) -> Result<Json<BoardPage>, WebError> {
    BoardPage::of(&context, &leaderboard, &query)
        .await
        .map(Json)
}

/// A person's rank among everyone.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/global/ranks/{login}",
    operation_id = "leaderboard_rank",
    tag = "Leaderboards",
    params(("login" = String, Path, description = "A login, in whatever case", example = "wren-oak")),
    responses(
        (status = 200, description = "Their rank", body = Rank),
        (status = 400, description = "The path is malformed"),
        (status = 404, description = "Unknown login, or the person has no points on this board")
    )
)]
pub(super) async fn global_rank(
    State(context): State<Context>,
    Path(RankOf { login }): Path<RankOf>,
    leaderboard: Leaderboard,
) -> Result<Json<Rank>, WebError> {
    Rank::of(&context, &leaderboard, &login).await.map(Json)
}

/// A page of a month's leaderboard.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/months/{month}",
    operation_id = "month_leaderboard",
    tag = "Leaderboards",
    params(
        ("month" = String, Path, description = "A month in UTC", example = "2026-11", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$"),
        PageQuery
    ),
    responses(
        (status = 200, description = "The page", body = BoardPage),
        (status = 400, description = "The month or the query cannot be read"),
        (status = 404, description = "The month has no board")
    )
)]
pub(super) async fn month(
    State(context): State<Context>,
    Query(query): Query<PageQuery>,
    leaderboard: Leaderboard,
) -> Result<Json<BoardPage>, WebError> {
    BoardPage::of(&context, &leaderboard, &query)
        .await
        .map(Json)
}

/// A person's rank on a month's leaderboard.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/months/{month}/ranks/{login}",
    operation_id = "month_leaderboard_rank",
    tag = "Leaderboards",
    params(
        ("month" = String, Path, description = "A month in UTC", example = "2026-11", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$"),
        ("login" = String, Path, description = "A login, in whatever case", example = "wren-oak")
    ),
    responses(
        (status = 200, description = "Their rank", body = Rank),
        (status = 400, description = "The month cannot be read"),
        (status = 404, description = "The month has no board, the login is unknown, or the person has no points on the board")
    )
)]
pub(super) async fn month_rank(
    State(context): State<Context>,
    Path(RankOf { login }): Path<RankOf>,
    leaderboard: Leaderboard,
) -> Result<Json<Rank>, WebError> {
    Rank::of(&context, &leaderboard, &login).await.map(Json)
}
