use axum::{Json, extract::State};
use platform::{
    Context,
    web::{Paged, Path, Query, WebError},
};

use super::board::{BoardPage, PageQuery, Rank, RankOf};
use crate::access::Leaderboard;

/// Lists people on the all-time leaderboard, by rank.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/global",
    operation_id = "list_leaderboard",
    tag = "Leaderboards",
    params(PageQuery),
    responses(
        (status = 200, description = "A page of the leaderboard", body = BoardPage),
        (status = 400, description = "A query parameter is invalid")
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
    params(("login" = String, Path, description = "The person's login (case-insensitive)", example = "wren-oak")),
    responses(
        (status = 200, description = "The person's rank", body = Rank),
        (status = 400, description = "The path is malformed"),
        (status = 404, description = "The login is unknown, or the person has no points on this leaderboard")
    )
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
    params(
        ("month" = String, Path, description = "The month (UTC), such as `2026-11`", example = "2026-11", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$"),
        PageQuery
    ),
    responses(
        (status = 200, description = "A page of the leaderboard", body = BoardPage),
        (status = 400, description = "The month or a query parameter is invalid"),
        (status = 404, description = "There is no leaderboard for this month")
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
    params(
        ("month" = String, Path, description = "The month (UTC), such as `2026-11`", example = "2026-11", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$"),
        ("login" = String, Path, description = "The person's login (case-insensitive)", example = "wren-oak")
    ),
    responses(
        (status = 200, description = "The person's rank", body = Rank),
        (status = 400, description = "The month is invalid"),
        (status = 404, description = "There is no leaderboard for this month, the login is unknown, or the person has no points on the leaderboard")
    )
)]
pub(super) async fn month_rank(
    State(context): State<Context>,
    Path(RankOf { login }): Path<RankOf>,
    leaderboard: Leaderboard,
) -> Result<Json<Rank>, WebError> {
    Rank::of(&context, &leaderboard, &login).await.map(Json)
}
